/* What the server says of a second factor. */
export interface Offer { secret: string; uri: string; svg: string }
export interface FactorState { on: boolean; since: number; required: boolean; codes_left: number }
export interface Made { recovery_codes?: string[] }
