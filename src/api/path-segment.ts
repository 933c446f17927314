import { ApiError } from "../domain/failure.ts";
import { quote } from "./describe-body.ts";

/** The value as one segment of a path: all but RFC 3986 `pchar` is percent-encoded. Throws a `client_error` for what would change the path. */
export function pathSegment(value: string): string {
  if (value === "" || value === "." || value === "..") {
    throw new ApiError(
      "client_error",
      `Cannot ask for ${quote(value)}: expected a name other than "", "." and ".."`,
    );
  }
  return value.toWellFormed().replaceAll(/[^\w\-.~!$&'()*+,;=:@]+/g, encodeURIComponent);
}
