//! Sealing, keys, signatures and the hash tree of the audit log.
