// The button that signs in by a passkey. Without this script it stays hidden, because it would do nothing.
import { usePasskeys } from "./passkeys.mjs";

usePasskeys();
