export type { CapabilityCatalog, InvokeCapability, StepInvocation, StepResult } from './invocation';
