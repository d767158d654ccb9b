//! For tests only: builders, a manual clock, both engines, and nodes in one process.
