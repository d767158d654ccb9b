//! What has happened. Each verb ends in one of these, and `app` knows what follows from it.

use crate::community::Community;
use crate::id::{ActorId, EntryId, FollowId, PostId, ReactionId};
use crate::moderation::Taken;
use crate::post::Post;

/// Something that happened to the community's life and has consequences.
#[derive(Debug)]
pub enum Event<'a> {
    /// A post or reply was published, here or elsewhere.
    Posted {
        /// The post.
        post: &'a Post,
        /// Whom it names.
        mentions: &'a [ActorId],
    },
    /// Its author changed it.
    Edited {
        /// As it is now.
        post: &'a Post,
    },
    /// Its author deleted it.
    Deleted {
        /// As it was.
        post: &'a Post,
    },
    /// Somebody reacted.
    Reacted {
        /// The reaction.
        reaction: ReactionId,
        /// To what.
        post: &'a Post,
        /// Who.
        actor: ActorId,
    },
    /// A reaction was taken back.
    Unreacted {
        /// The reaction.
        reaction: ReactionId,
        /// To what.
        post: &'a Post,
        /// Who.
        actor: ActorId,
    },
    /// Somebody, or a community, boosted a post.
    Boosted {
        /// The line in the booster's timeline.
        entry: EntryId,
        /// What.
        post: &'a Post,
        /// Who.
        actor: ActorId,
    },
    /// A boost was taken back.
    Unboosted {
        /// The line that is gone.
        entry: EntryId,
        /// What.
        post: PostId,
        /// Who.
        actor: ActorId,
    },
    /// Somebody asked to follow, or to join.
    FollowRequested {
        /// The follow.
        follow: FollowId,
        /// Who asks.
        follower: ActorId,
        /// Whom.
        target: ActorId,
    },
    /// A follow was accepted.
    FollowAccepted {
        /// The follow.
        follow: FollowId,
        /// Who asked.
        follower: ActorId,
        /// Whom.
        target: ActorId,
    },
    /// A follow was refused, or ended by the one followed.
    FollowRejected {
        /// The follow that is gone.
        follow: FollowId,
        /// Who asked.
        follower: ActorId,
        /// Whom.
        target: ActorId,
    },
    /// A follow was ended by the follower.
    Unfollowed {
        /// The follow that is gone.
        follow: FollowId,
        /// Who left.
        follower: ActorId,
        /// Whom.
        target: ActorId,
    },
    /// A moderator took a measure.
    Moderated {
        /// What was done, by whom, and why.
        taken: &'a Taken,
        /// Where.
        community: &'a Community,
    },
    /// A profile changed.
    ProfileChanged {
        /// Whose.
        actor: ActorId,
    },
}
