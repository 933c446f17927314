{{- /* Names end at 52 characters: the label that a StatefulSet gives its pods has eleven more, and ends at 63. */}}
{{- define "exporter.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 52 | trimSuffix "-" }}
{{- end }}

{{- define "exporter.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else if contains (include "exporter.name" .) .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "exporter.name" .) | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "exporter.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "exporter.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "exporter.selectorLabels" -}}
app.kubernetes.io/name: {{ include "exporter.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- /* Labels of pods: no chart's version in them, so that a newer chart by itself restarts nothing. */}}
{{- define "exporter.podLabels" -}}
{{- $selector := fromYaml (include "exporter.selectorLabels" .) }}
{{- toYaml (merge $selector .Values.podLabels .Values.commonLabels) }}
{{- end }}

{{- /* Labels of an object, with those that the values give it: they win, but for what selectors look for. Takes { root, own }. */}}
{{- define "exporter.labels" -}}
{{- $root := .root }}
{{- $usual := dict
  "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-")
  "app.kubernetes.io/version" ($root.Values.image.tag | default $root.Chart.AppVersion | replace "+" "_" | trunc 63)
  "app.kubernetes.io/managed-by" $root.Release.Service }}
{{- $selector := fromYaml (include "exporter.selectorLabels" $root) }}
{{- toYaml (merge $selector (.own | default dict) $root.Values.commonLabels $usual) }}
{{- end }}

{{- define "exporter.image" -}}
{{- .Values.image.repository }}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}
{{- else }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- /* How the image starts the exporter, for probes by a command: ENTRYPOINT of the Dockerfile. */}}
{{- define "exporter.entrypoint" -}}
["/usr/local/bin/node", "/app/dist/bin.cjs"]
{{- end }}

{{- /* Where the image's own commands look for config.yaml: `kubectl exec` with `status` needs no flag. */}}
{{- define "exporter.configFolder" -}}/etc/cloudflare-interconnect-exporter{{- end }}
{{- define "exporter.webConfigFolder" -}}/etc/cloudflare-interconnect-exporter-web{{- end }}
{{- define "exporter.credentialsFolder" -}}/run/secrets/cloudflare{{- end }}
{{- define "exporter.storageFolder" -}}/var/lib/cloudflare-interconnect-exporter{{- end }}

{{- /* What stands before every path, as the exporter itself works it out. */}}
{{- define "exporter.routePrefix" -}}
{{- $path := "" }}
{{- if .Values.web.routePrefix }}{{ $path = .Values.web.routePrefix }}
{{- else if .Values.web.externalUrl }}{{ $path = regexReplaceAll "^https?://[^/]*" .Values.web.externalUrl "" }}
{{- end }}
{{- with trimAll "/" $path }}/{{ . }}{{ end }}
{{- end }}

{{- define "exporter.scheme" -}}
{{- if .Values.web.config.tls }}https{{ else }}http{{ end }}
{{- end }}

{{- /* The flags that the probes' command needs too. */}}
{{- define "exporter.webArgs" -}}
- --web.listen-address=:{{ .Values.web.port }}
{{- with .Values.web.externalUrl }}
- {{ printf "--web.external-url=%s" . | quote }}
{{- end }}
{{- with .Values.web.routePrefix }}
- {{ printf "--web.route-prefix=%s" . | quote }}
{{- end }}
{{- if .Values.web.config.secretName }}
- {{ printf "--web.config.file=%s/%s" (include "exporter.webConfigFolder" .) .Values.web.config.key | quote }}
{{- end }}
{{- end }}

{{- define "exporter.args" -}}
- run
- --config.file={{ include "exporter.configFolder" . }}/config.yaml
- --config.auto-reload
- --storage.path={{ include "exporter.storageFolder" . }}
{{ include "exporter.webArgs" . }}
- {{ printf "--web.telemetry-path=%s" .Values.web.telemetryPath | quote }}
{{- if .Values.web.config.secretName }}
- --web.auth-exempt-health
{{- end }}
{{- if .Values.web.enableLifecycle }}
- --web.enable-lifecycle
{{- end }}
{{- if gt (int .Values.replicaCount) 1 }}
- --replica=auto/{{ .Values.replicaCount }}
{{- end }}
- --log.level={{ .Values.log.level }}
- --log.format={{ .Values.log.format }}
{{- with .Values.extraArgs }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /* A probe: how often is the values', what is asked follows from the web config. Takes { root, path, probe }. */}}
{{- define "exporter.probe" -}}
{{- $own := or .probe.httpGet .probe.exec .probe.tcpSocket .probe.grpc }}
{{- if $own }}
{{- else if .root.Values.web.config.clientCertificates }}
exec:
  command:
    {{- toYaml (fromYamlArray (include "exporter.entrypoint" .root)) | nindent 4 }}
    - healthcheck
    {{- include "exporter.webArgs" .root | nindent 4 }}
{{- else }}
httpGet:
  path: {{ printf "%s%s" (include "exporter.routePrefix" .root) .path | quote }}
  port: http
  scheme: {{ include "exporter.scheme" .root | upper }}
{{- end }}
{{ toYaml .probe }}
{{- end }}

{{- /* Ports that the API and the proxy are asked on, as a JSON list. */}}
{{- define "exporter.apiPorts" -}}
{{- $ports := list }}
{{- range list (dig "base_url" "" (.Values.config.api | default dict)) (dig "proxy_url" "" (.Values.config.api | default dict)) }}
{{- $url := . | default "https://api.cloudflare.com" }}
{{- /* User and password apart, which may be variables. */}}
{{- $host := regexReplaceAll "^https?://([^/]*@)?([^/]*).*$" $url "${2}" }}
{{- $port := regexFind ":[0-9]+$" $host | trimPrefix ":" }}
{{- $ports = append $ports (int ($port | default (ternary 80 443 (hasPrefix "http://" $url)))) }}
{{- end }}
{{- $ports | uniq | toJson }}
{{- end }}
