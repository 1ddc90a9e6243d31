import { parse } from 'protobufjs';

/** The part of the OTLP trace protocol (opentelemetry-proto 1.x) that spans need; field numbers are the protocol's. */
const PROTOCOL = `
syntax = "proto3";
message Request { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
message Scope { string name = 1; string version = 2; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5;
  int32 kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
  repeated Event events = 11; repeated Link links = 13; Status status = 15;
}
message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
message Link { bytes trace_id = 1; bytes span_id = 2; repeated KeyValue attributes = 4; }
message Status { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value {
    string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
    ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7;
  }
}
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
`;

export type ReceivedAttributes = Readonly<Record<string, unknown>>;

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: 'UNSPECIFIED' | 'INTERNAL' | 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER';
  readonly startUnixNano: bigint;
  readonly endUnixNano: bigint;
  readonly attributes: ReceivedAttributes;
  readonly events: readonly { readonly name: string; readonly attributes: ReceivedAttributes }[];
  readonly links: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly attributes: ReceivedAttributes;
  }[];
  readonly status: { readonly code: 'unset' | 'ok' | 'error'; readonly message: string };
  readonly scope: string;
  readonly service: string;
  readonly resource: ReceivedAttributes;
}

interface WireValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values?: readonly WireValue[] };
  readonly kvlistValue?: { readonly values?: readonly WireKeyValue[] };
  readonly bytesValue?: string;
}
interface WireKeyValue {
  readonly key: string;
  readonly value?: WireValue;
}
interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind?: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly WireKeyValue[];
  readonly events?: readonly { readonly name: string; readonly attributes?: readonly WireKeyValue[] }[];
  readonly links?: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly attributes?: readonly WireKeyValue[];
  }[];
  readonly status?: { readonly message?: string; readonly code?: number };
}
interface WireRequest {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly WireKeyValue[] };
    readonly scopeSpans?: readonly {
      readonly scope?: { readonly name?: string };
      readonly spans?: readonly WireSpan[];
    }[];
  }[];
}

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;
const CODES = ['unset', 'ok', 'error'] as const;

const request = parse(PROTOCOL).root.lookupType('Request');

const hex = (base64: string | undefined): string => Buffer.from(base64 ?? '', 'base64').toString('hex');

const plainValue = (value: WireValue | undefined): unknown => {
  if (value?.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(plainValue);
  if (value?.kvlistValue !== undefined) return plainAttributes(value.kvlistValue.values);
  if (value?.intValue !== undefined) return Number(value.intValue);
  return value?.stringValue ?? value?.boolValue ?? value?.doubleValue ?? value?.bytesValue;
};

const plainAttributes = (pairs: readonly WireKeyValue[] | undefined): ReceivedAttributes =>
  Object.fromEntries((pairs ?? []).map(({ key, value }) => [key, plainValue(value)]));

const plainSpan = (span: WireSpan, resource: ReceivedAttributes, scope: string): ReceivedSpan => ({
  traceId: hex(span.traceId),
  spanId: hex(span.spanId),
  parentSpanId: hex(span.parentSpanId) || undefined,
  name: span.name,
  kind: KINDS[span.kind ?? 0] ?? 'UNSPECIFIED',
  startUnixNano: BigInt(span.startTimeUnixNano),
  endUnixNano: BigInt(span.endTimeUnixNano),
  attributes: plainAttributes(span.attributes),
  events: (span.events ?? []).map(({ name, attributes }) => ({
    name,
    attributes: plainAttributes(attributes),
  })),
  links: (span.links ?? []).map((link) => ({
    traceId: hex(link.traceId),
    spanId: hex(link.spanId),
    attributes: plainAttributes(link.attributes),
  })),
  status: { code: CODES[span.status?.code ?? 0] ?? 'unset', message: span.status?.message ?? '' },
  scope,
  service: typeof resource['service.name'] === 'string' ? resource['service.name'] : '',
  resource,
});

/** Decodes the body of an OTLP/HTTP trace export. @throws when it is no protobuf. */
export const decodeTraceExport = (body: Buffer, contentType: string | undefined): readonly ReceivedSpan[] => {
  if (!contentType?.startsWith('application/x-protobuf')) {
    throw new Error(`Content type ${contentType}: this receiver reads application/x-protobuf.`);
  }
  const message = request.toObject(request.decode(body), { longs: String, bytes: String }) as WireRequest;
  return (message.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) => {
    const attributes = plainAttributes(resource?.attributes);
    return (scopeSpans ?? []).flatMap(({ scope, spans }) =>
      (spans ?? []).map((span) => plainSpan(span, attributes, scope?.name ?? '')),
    );
  });
};
