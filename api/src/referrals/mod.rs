//! Referrals: passing somebody to the service they need, with the fewest fields and only while it is open.
