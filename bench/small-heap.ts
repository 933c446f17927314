/** To be imported first: what comes after it is loaded as main.ts loads its commands, with a heap that is kept small. */
import { keepHeapSmall } from "../src/base/small-heap.ts";

keepHeapSmall();
