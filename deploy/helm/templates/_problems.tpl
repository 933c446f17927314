{{- /* What no schema can say: every problem of the values at once, each with its path. Secrets are never shown. */}}
{{- define "exporter.problems" -}}
{{- if not .Values.image.repository }}
image.repository: expected where you have pushed the image to, such as registry.example.com/cloudflare-interconnect-exporter: none is published
{{- end }}
{{- $accounts := .Values.config.accounts | default list }}
{{- if and .Values.existingConfigMap $accounts }}
existingConfigMap: expected either this or config, got both
{{- else if not (or .Values.existingConfigMap $accounts) }}
config.accounts: expected at least one account, such as [{ name: production, account_id: ..., api_token_file: {{ include "exporter.credentialsFolder" . }}/token }]
{{- end }}
{{- $values := .Values }}
{{- $folder := include "exporter.credentialsFolder" . }}
{{- range $index, $account := $accounts }}
{{- range $key := list "api_token" "api_key" }}
{{- $value := get $account $key }}
{{- if and $value (not (contains "${" (toString $value))) }}
config.accounts[{{ $index }}].{{ $key }}: expected ${VARIABLE} with extraEnv, or {{ $key }}_file with credentials.secretName: a ConfigMap is no place for a secret
{{- end }}
{{- $file := get $account (printf "%s_file" $key) | toString }}
{{- if and (hasPrefix (printf "%s/" $folder) $file) (not $values.credentials.secretName) }}
credentials.secretName: expected the Secret that has the key {{ base $file }}, since config.accounts[{{ $index }}].{{ $key }}_file is {{ $file }}
{{- else if and (hasKey $account (printf "%s_file" $key)) (not (hasPrefix "/" $file)) (not (contains "${" $file)) }}
config.accounts[{{ $index }}].{{ $key }}_file: expected a whole path, such as {{ $folder }}/{{ base $file }}, got {{ $file }}
{{- end }}
{{- end }}
{{- end }}
{{- $proxy := dig "proxy_url" "" (.Values.config.api | default dict) | toString }}
{{- if and (contains "@" $proxy) (not (contains "${" $proxy)) }}
config.api.proxy_url: expected ${VARIABLE} with extraEnv for what has a password in it: a ConfigMap is no place for a secret
{{- end }}
{{- range $key := list "tls" "clientCertificates" }}
{{- if and (get $values.web.config $key) (not $values.web.config.secretName) }}
web.config.secretName: expected the Secret with the web config, since web.config.{{ $key }} is true
{{- end }}
{{- end }}
{{- if and .Values.web.config.clientCertificates (not .Values.web.config.tls) }}
web.config.tls: expected true, since web.config.clientCertificates is
{{- end }}
{{- $owners := dict
  "config.file" "config, or existingConfigMap" "config.auto-reload" "always given" "config.check" "not for a daemon" "storage.path" "persistence"
  "web.listen-address" "web.port" "web.external-url" "web.externalUrl" "web.route-prefix" "web.routePrefix" "web.telemetry-path" "web.telemetryPath"
  "web.config.file" "web.config" "web.auth-exempt-health" "given with web.config.secretName" "web.enable-lifecycle" "web.enableLifecycle"
  "log.level" "log.level" "log.format" "log.format" "replica" "replicaCount" }}
{{- range $index, $arg := .Values.extraArgs }}
{{- $flag := regexReplaceAll "^--(no-)?([a-z.-]+).*$" $arg "${2}" }}
{{- with get $owners $flag }}
extraArgs[{{ $index }}]: expected a flag that no other value stands for, got --{{ $flag }}: {{ . }}
{{- end }}
{{- end }}
{{- end }}
