//! Background work: one closed set. A job carries ids and reads the truth again when it runs.

use crate::id::{
    AccountId, ActorId, EntryId, FollowId, InboxId, MeasureId, MediaId, NotificationId, PollId, PostId,
    ReactionId, ReportId, SanctionId, ScheduledId, TokenId,
};
use crate::letter::Letter;
use serde::{Deserialize, Serialize};

/// A piece of work to be done after the transaction that decided it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Act on an activity that arrived.
    Receive {
        /// Where its text is kept.
        inbox: InboxId,
    },
    /// Pass on to a community's followers an activity that arrived for it, word for word.
    Relay {
        /// Where its text is kept.
        inbox: InboxId,
        /// The community of ours it belongs to.
        community: ActorId,
    },
    /// Pass on to the community's node what reached only the author of a post in it.
    Forward {
        /// Where its text is kept.
        inbox: InboxId,
        /// The community, elsewhere.
        community: ActorId,
    },
    /// Tell others of a new post.
    Publish {
        /// The post.
        post: PostId,
    },
    /// Tell others of a changed post.
    Revise {
        /// The post.
        post: PostId,
    },
    /// Tell others that a post is gone.
    Withdraw {
        /// The post.
        post: PostId,
    },
    /// Tell others of a reaction.
    React {
        /// The reaction.
        reaction: ReactionId,
    },
    /// Tell others that a reaction was taken back.
    Unreact {
        /// The reaction, gone by now.
        reaction: ReactionId,
        /// To what it was.
        post: PostId,
        /// Whose it was.
        actor: ActorId,
    },
    /// Tell others of a boost.
    Boost {
        /// The line in the booster's timeline. Of a community of ours it is told whether what it boosted is still there.
        entry: EntryId,
    },
    /// Tell others that a boost was taken back.
    Unboost {
        /// The line, gone by now.
        entry: EntryId,
        /// What it boosted.
        post: PostId,
        /// Whose it was.
        actor: ActorId,
    },
    /// Ask to follow somebody elsewhere.
    Follow {
        /// The follow.
        follow: FollowId,
    },
    /// End a follow of somebody elsewhere.
    Unfollow {
        /// The follow, gone by now.
        follow: FollowId,
        /// Who followed.
        follower: ActorId,
        /// Whom.
        target: ActorId,
    },
    /// Tell somebody elsewhere that they follow now.
    Accept {
        /// The follow.
        follow: FollowId,
    },
    /// Tell somebody elsewhere that they do not.
    Reject {
        /// The address their Follow had.
        follow_uri: String,
        /// Who asked.
        follower: ActorId,
        /// Whom.
        target: ActorId,
    },
    /// Tell somebody elsewhere that they may not quote a post.
    RefuseQuote {
        /// The address of what they asked.
        request: String,
        /// The address of the post that was to quote it.
        quoting: String,
        /// Who asked.
        asker: ActorId,
        /// The post.
        post: PostId,
    },
    /// Send the votes of a member to the poll's author.
    Vote {
        /// The poll.
        poll: PollId,
        /// Who voted.
        actor: ActorId,
    },
    /// Tell others of a changed profile.
    Profile {
        /// Whose.
        actor: ActorId,
    },
    /// Tell others of a measure that was taken in a community.
    Moderate {
        /// The measure.
        measure: MeasureId,
        /// Where its text is kept, for one that arrived: it is passed on word for word.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        inbox: Option<InboxId>,
    },
    /// Tell the nodes concerned of a report that a member wants told there.
    Flag {
        /// The report.
        report: ReportId,
    },
    /// Find out who looks after a community elsewhere.
    Moderators {
        /// The community.
        community: ActorId,
    },
    /// Tell others that somebody here is gone, and everything of theirs.
    Depart {
        /// Who is gone.
        actor: ActorId,
    },
    /// Tell others that somebody here has moved.
    Move {
        /// Who has.
        actor: ActorId,
    },
    /// Bring in what was written in a community before it was followed here.
    Backfill {
        /// The community, elsewhere.
        community: ActorId,
    },
    /// Let go of what was for the members of a community elsewhere, if nobody here is one any more.
    LetGo {
        /// The community, elsewhere.
        community: ActorId,
    },
    /// Ask somebody elsewhere which of us follow them, because what they say differs from what we know.
    Synchronize {
        /// Whom.
        actor: ActorId,
        /// Where they say who follows them from here.
        url: String,
    },
    /// Bring in the replies under a post from elsewhere.
    Replies {
        /// The post.
        post: PostId,
    },
    /// Make a film or a sound ready that a member uploaded.
    Film {
        /// The file.
        media: MediaId,
    },
    /// Let older posts be found by their words.
    IndexOlder {
        /// Those with a smaller id.
        below: PostId,
    },
    /// Ask for the lists of hosts that the operator follows.
    HostLists,
    /// Tell a client through its push service that there is a notification.
    Push {
        /// The token of the client.
        token: TokenId,
        /// Whose client it is.
        member: ActorId,
        /// Of what.
        notice: NotificationId,
    },
    /// Send somebody a letter by mail, if what it is about still holds.
    Letter {
        /// Whose account it is about; there may be none, so that nobody can tell by the time an answer took.
        account: AccountId,
        /// Which letter.
        letter: Letter,
    },
    /// Publish a post whose moment has come.
    PublishScheduled {
        /// The scheduled post.
        scheduled: ScheduledId,
    },
    /// End a sanction whose time has come.
    SanctionEnded {
        /// The sanction.
        sanction: SanctionId,
    },
    /// Tell those who took part that a poll has ended.
    PollEnded {
        /// The poll.
        poll: PollId,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_reads_back_as_it_was_written() {
        let job = Job::Publish { post: PostId::new(7) };
        let text = serde_json::to_string(&job).unwrap();
        assert_eq!(text, r#"{"kind":"publish","post":7}"#);
        assert_eq!(serde_json::from_str::<Job>(&text).unwrap(), job);
        let job = Job::Letter { account: AccountId::new(7), letter: Letter::NewPassword };
        let text = serde_json::to_string(&job).unwrap();
        assert_eq!(text, r#"{"kind":"letter","account":7,"letter":"new_password"}"#);
        assert_eq!(serde_json::from_str::<Job>(&text).unwrap(), job);
    }
}
