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
app.kubernetes.io/name: {{ include "exporter.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- /* Labels of pods: no chart's version in them, so that a newer chart by itself restarts nothing. */}}
{{- define "exporter.podLabels" -}}
{{ include "exporter.selectorLabels" . }}
{{- with merge (dict) .Values.podLabels .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "exporter.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "exporter.selectorLabels" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | replace "+" "_" | trunc 63 | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
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
- --web.external-url={{ . }}
{{- end }}
{{- with .Values.web.routePrefix }}
- --web.route-prefix={{ . }}
{{- end }}
{{- if .Values.web.config.secretName }}
- --web.config.file={{ include "exporter.webConfigFolder" . }}/{{ .Values.web.config.key }}
{{- end }}
{{- end }}

{{- /* What each of several replicas is told, so that all together stay within one budget. The ordinal is the pod's. */}}
{{- define "exporter.replicaArgs" -}}
{{- end }}

{{- define "exporter.args" -}}
- run
- --config.file={{ include "exporter.configFolder" . }}/config.yaml
- --config.auto-reload
- --storage.path={{ include "exporter.storageFolder" . }}
{{ include "exporter.webArgs" . }}
- --web.telemetry-path={{ .Values.web.telemetryPath }}
{{- if .Values.web.config.secretName }}
- --web.auth-exempt-health
{{- end }}
{{- if .Values.web.enableLifecycle }}
- --web.enable-lifecycle
{{- end }}
{{- with include "exporter.replicaArgs" . }}
{{ . }}
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
  path: {{ include "exporter.routePrefix" .root }}{{ .path }}
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

{{- /* A file of files/ with the addresses of the values in it. Takes { root, path }. */}}
{{- define "exporter.linkedFile" -}}
{{- $links := .root.Values.links }}
{{- .root.Files.Get .path
  | replace "https://runbooks.example.com/cloudflare-interconnect" (trimSuffix "/" $links.runbooks)
  | replace "https://grafana.example.com" (trimSuffix "/" $links.grafana) }}
{{- end }}
