//! What a member is told about.

crate::words! {
    /// Why a member is told. The words are those of the Mastodon API.
    pub enum NotificationKind {
        /// Named in a post, or replied to.
        Mention = "mention",
        /// Somebody reacted.
        Favourite = "favourite",
        /// Somebody boosted.
        Reblog = "reblog",
        /// Somebody follows.
        Follow = "follow",
        /// Somebody would like to follow, or to join a community one looks after.
        FollowRequest = "follow_request",
        /// A poll one made or voted in has ended.
        Poll = "poll",
        /// A post one boosted was edited.
        Update = "update",
        /// Somebody one asked to hear of has posted.
        Status = "status",
        /// Something was reported to the node's staff.
        Report = "admin.report",
    }
}
