//! Taking words back everywhere: what became of it on each host that had them.

crate::words! {
    /// What a host answered when it was told to delete something.
    pub enum ReceiptState {
        /// It was not reached yet, or could not take it: it is tried again.
        Waiting = "waiting",
        /// It took the deletion.
        Arrived = "arrived",
        /// It refused the deletion for good.
        Refused = "refused",
        /// It could not be reached for so long that nobody tries any more.
        GaveUp = "gave_up",
        /// Whoever runs this node has stopped talking to it.
        Cancelled = "cancelled",
    }
}
