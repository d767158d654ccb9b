//! Every limit that is not a setting, with its name.

/// Characters in a handle, here.
pub const HANDLE_CHARS_MAX: usize = 30;
/// Characters in a display name.
pub const NAME_CHARS_MAX: usize = 100;
/// Characters in a profile's note.
pub const NOTE_CHARS_MAX: usize = 1_000;
/// Lines in a profile's table, here.
pub const FIELDS_MAX: usize = 4;
/// Lines kept of a profile's table from elsewhere.
pub const FIELDS_REMOTE_MAX: usize = 8;
/// Characters in either side of a profile's line.
pub const FIELD_CHARS_MAX: usize = 255;
/// Characters in a post, its content note included.
pub const POST_CHARS_MAX: usize = 5_000;
/// Bytes of HTML kept of a post from elsewhere.
pub const POST_HTML_BYTES_MAX: usize = 100_000;
/// Characters in the title of a post.
pub const TITLE_CHARS_MAX: usize = 200;
/// People and communities named in one post.
pub const MENTIONS_MAX: usize = 30;
/// Hashtags kept of one post.
pub const TAGS_MAX: usize = 30;
/// Characters in a hashtag.
pub const TAG_CHARS_MAX: usize = 100;
/// Images in one post.
pub const MEDIA_MAX: usize = 4;
/// Characters in an image's description.
pub const MEDIA_DESCRIPTION_CHARS_MAX: usize = 1_500;
/// Choices in a poll written here.
pub const POLL_OPTIONS_MAX: usize = 10;
/// Choices kept of a poll from elsewhere.
pub const POLL_OPTIONS_REMOTE_MAX: usize = 100;
/// Characters in a choice.
pub const POLL_OPTION_CHARS_MAX: usize = 100;
/// Shortest time a poll stays open.
pub const POLL_SECS_MIN: i64 = 300;
/// Votes in a poll of so many seconds are told elsewhere at once.
pub const POLL_TOLD_SECS: i64 = 180;
/// Longest time a poll stays open.
pub const POLL_SECS_MAX: i64 = 2_629_746;
/// Seconds a scheduled post lies ahead at least.
pub const SCHEDULED_AHEAD_SECS_MIN: i64 = 300;
/// Scheduled posts of one member.
pub const SCHEDULED_MAX: i64 = 300;
/// Of these, as many as may be due on one day.
pub const SCHEDULED_PER_DAY_MAX: i64 = 25;
/// Posts on one page of a timeline.
pub const PAGE_MAX: i64 = 40;
/// People on one page.
pub const PEOPLE_PAGE_MAX: i64 = 80;
/// Replies shown of one thread.
pub const THREAD_MAX: i64 = 4_000;
/// Posts above a reply that are shown.
pub const ANCESTORS_MAX: i64 = 100;
/// Characters in a report's comment.
pub const REPORT_CHARS_MAX: usize = 1_000;
/// Characters in the private note about another.
pub const PRIVATE_NOTE_CHARS_MAX: usize = 2_000;
/// Minutes an authorisation code may wait to be exchanged (RFC 6749 recommends at most ten).
pub const CODE_SECS_MAX: i64 = 600;
/// Seconds a page's session lasts.
pub const SESSION_SECS_MAX: i64 = 14 * 86_400;
/// Characters in a password.
pub const PASSWORD_CHARS_MAX: usize = 256;
/// Characters a password needs.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// The me-too count is shown from this many on.
pub const ME_TOO_SHOWN_FROM: i64 = 5;
/// Seconds a one-time link works.
pub const INVITATION_SECS_MAX: i64 = 7 * 86_400;
/// Letters of one kind to one address in an hour: beyond that, whoever asks for more is annoying somebody.
pub const LETTERS_PER_HOUR_MAX: i64 = 4;
/// Seconds until an account whose address nobody confirmed is forgotten.
pub const UNCONFIRMED_SECS_MAX: i64 = 7 * 86_400;
/// Seconds until an account that was turned away is forgotten, should the letter about it never arrive.
pub const TURNED_AWAY_SECS_MAX: i64 = 2 * 86_400;
/// The highest age that may be asked of newcomers.
pub const MIN_AGE_MAX: u8 = 100;
/// Characters in the name of a client application.
pub const APP_NAME_CHARS_MAX: usize = 60;
/// Addresses a client application may have its answers sent to.
pub const REDIRECT_URIS_MAX: usize = 20;
/// Characters in such an address.
pub const REDIRECT_URI_CHARS_MAX: usize = 2_000;
/// Pixels in an uploaded image: more are not even decoded.
pub const MEDIA_PIXELS_MAX: u64 = 33_177_600;
/// Pixels along the longer side of an image that is kept.
pub const MEDIA_SIDE_MAX: u32 = 2_560;
/// Pixels along the longer side of a preview.
pub const PREVIEW_SIDE_MAX: u32 = 400;
/// Pixels along the side of a profile's picture.
pub const AVATAR_SIDE: u32 = 400;
/// Pixels across a profile's banner.
pub const HEADER_WIDTH: u32 = 1_500;
/// Pixels down a profile's banner.
pub const HEADER_HEIGHT: u32 = 500;
/// Scans in a JPEG: photographs have about ten, and each of them costs as much as the whole picture.
pub const JPEG_SCANS_MAX: usize = 100;
/// Seconds of film or sound in one upload.
pub const FILM_SECS_MAX: u32 = 600;
/// Pixels in each picture of an uploaded film.
pub const FILM_PIXELS_MAX: u64 = 8_294_400;
/// Pictures in a second of an uploaded film.
pub const FILM_FRAME_RATE_MAX: u32 = 120;
/// Pixels along the longer side of a film that is kept.
pub const FILM_SIDE_MAX: u32 = 1_280;
/// Pictures in a second of a film that is kept.
pub const FILM_KEPT_FRAME_RATE_MAX: u32 = 30;
/// Seconds that making one film ready may take.
pub const FILM_WORK_SECS_MAX: u64 = 900;
/// Films and sounds of one member that wait to be made ready.
pub const FILMS_WAITING_MAX: i64 = 4;
/// Pixels along the longer side of an emoji.
pub const EMOJI_SIDE_MAX: u32 = 128;
/// Emojis of this node.
pub const EMOJIS_MAX: i64 = 500;
/// Emojis remembered of one host elsewhere.
pub const HOST_EMOJIS_MAX: i64 = 2_000;
/// Different emojis shown in one post.
pub const POST_EMOJIS_MAX: usize = 30;
/// Characters in the heading under which an emoji is shown.
pub const EMOJI_CATEGORY_CHARS_MAX: usize = 50;
/// Seconds an uploaded image waits for its post.
pub const UPLOAD_SECS_MAX: i64 = 86_400;
/// Posts that stand first on a profile.
pub const PINS_MAX: usize = 5;
/// Filters of one member.
pub const FILTERS_MAX: usize = 100;
/// Keywords of one filter.
pub const KEYWORDS_MAX: usize = 100;
/// Characters in a keyword, or the title of a filter or a list.
pub const KEYWORD_CHARS_MAX: usize = 255;
/// Single posts that one filter covers.
pub const FILTERED_POSTS_MAX: usize = 100;
/// Lists of one member.
pub const LISTS_MAX: usize = 50;
/// People and communities in one list.
pub const LIST_ENTRIES_MAX: usize = 500;
/// Other addresses that one member says are theirs.
pub const ALIASES_MAX: usize = 10;
/// Members here who follow an actor that has moved, and are led to where it is now.
pub const MOVED_FOLLOWERS_MAX: i64 = 1_000;
/// Seconds until an actor that has moved may move again.
pub const MOVE_AGAIN_SECS: i64 = 30 * 86_400;
/// Posts in one report.
pub const REPORT_POSTS_MAX: usize = 50;
/// Hashtags and hosts one member may follow or block.
pub const TAG_FOLLOWS_MAX: i64 = 1_000;
/// Languages in which one member reads another.
pub const FOLLOW_LANGUAGES_MAX: usize = 50;
/// Members who are told that a block ended follows of theirs.
pub const SEVERANCES_MAX: i64 = 10_000;
/// Notifications that are looked at to put one page of groups together.
pub const GROUPED_NOTICES_MAX: i64 = 400;
/// Joined communities that are shown among a member's lists.
pub const JOINED_SHOWN_MAX: i64 = 200;
/// Seconds after which a post that comes in is told to nobody who listens: it is no news.
pub const LIVE_SECS_MAX: i64 = 6 * 3_600;
/// Channels one connection listens to.
pub const CHANNELS_MAX: usize = 50;
/// Characters in what is searched for.
pub const SEARCH_CHARS_MAX: usize = 300;
/// Rules of one community.
pub const RULES_MAX: usize = 20;
/// Characters in a rule.
pub const RULE_CHARS_MAX: usize = 500;
/// Characters in what a community says of when it is staffed.
pub const STAFFED_HOURS_CHARS_MAX: usize = 255;
/// Characters in a moderator's reason.
pub const REASON_CHARS_MAX: usize = 500;
/// Posts that a community shows first.
pub const FEATURED_MAX: usize = 20;
/// People who look after one community.
pub const STEWARDS_MAX: usize = 50;
/// Posts that are removed at once when their author is sent out of a community; asked again, so many more.
pub const BAN_REMOVALS_MAX: i64 = 1_000;
/// Communities of one server that somebody is sent out of at once.
pub const SITE_COMMUNITIES_MAX: i64 = 200;
/// People named in one request of a moderator.
pub const PEOPLE_AT_ONCE_MAX: usize = 40;
/// Seconds a ban with an end may last.
pub const BAN_SECS_MAX: i64 = 10 * 366 * 86_400;
/// People and communities that one member recommends on their profile.
pub const ENDORSEMENTS_MAX: i64 = 100;
/// Hashtags on one member's profile.
pub const FEATURED_TAGS_MAX: usize = 10;
/// Hashtags that a member is offered for their profile.
pub const FEATURED_TAGS_OFFERED: i64 = 10;
/// Characters in an announcement.
pub const ANNOUNCEMENT_CHARS_MAX: usize = 2_000;
/// Announcements that are shown at once.
pub const ANNOUNCEMENTS_MAX: i64 = 50;
/// Kinds of reactions to one announcement.
pub const ANNOUNCEMENT_REACTIONS_MAX: usize = 8;
/// Characters in one of them: an emoji may be put together from several.
pub const EMOJI_CHARS_MAX: usize = 12;
/// Those whose notifications wait are counted up to here.
pub const WAITING_COUNTED_MAX: i64 = 200;
/// How far into a list that has no ids a client may page.
pub const OFFSET_MAX: i64 = 10_000;
/// Different people who must use a hashtag in a week before others are shown it.
pub const TREND_PEOPLE_MIN: i64 = 3;
/// Characters in what staff tell somebody about a sanction.
pub const SANCTION_CHARS_MAX: usize = 1_000;
/// Characters in what somebody writes who asks to be let in.
pub const SIGN_UP_REASON_CHARS_MAX: usize = 500;
/// Characters in a comment of staff about a host or a network.
pub const COMMENT_CHARS_MAX: usize = 1_000;
/// Networks that are kept out.
pub const NETWORKS_MAX: usize = 5_000;
/// Lines on one page of what staff look after.
pub const STAFF_PAGE_MAX: i64 = 200;
/// Clients of one member that are told of a notification while nobody looks: those that came last.
pub const PUSHED_CLIENTS_MAX: i64 = 20;
