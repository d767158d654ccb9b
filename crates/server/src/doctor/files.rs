//! Checks of what has to do with files: where they are kept, and the programs that encode films.

use crate::config::Config;
use crate::doctor::Finding;
use crate::media;
use alongside_app::files::bucket::Bucket;

/// What the object is called that is written and removed again.
const TRIAL: &str = "alongside-doctor";

/// Whether files can be written where they are to be kept. The data folder has a check of its own.
pub(super) async fn kept(config: &Config) -> Finding {
    const ABOUT: &str = "files";
    let Some(settings) = media::bucket(config) else {
        return Finding::fine(ABOUT, "are kept in the data folder");
    };
    let tried = match Bucket::new(&settings) {
        Ok(bucket) => bucket.try_out(TRIAL).await,
        Err(error) => Err(error),
    };
    match tried {
        Ok(()) => {
            let how = if settings.presigned { ", and members are sent there" } else { "" };
            Finding::fine(ABOUT, format!("are kept in the bucket {}{how}", settings.bucket))
        }
        Err(error) => {
            let remedy =
                "check `media.bucket`, `media.endpoint`, `media.region` and the key, and what the key may do";
            Finding::failure(
                ABOUT,
                format!("cannot be kept in the bucket {} ({error}); {remedy}", settings.bucket),
            )
        }
    }
}

/// Whether films and sounds can be taken.
pub(super) fn films(config: &Config) -> Finding {
    const ABOUT: &str = "films";
    match media::films(config) {
        Some(tools) => Finding::fine(ABOUT, format!("are encoded by {}", tools.path().display())),
        None if !config.media.films => {
            Finding::fine(ABOUT, "and sounds are not taken: `media.films` is false")
        }
        None => {
            let remedy = "install ffmpeg, name its folder in `media.ffmpeg`, or set `media.films` to false";
            Finding::warning(
                ABOUT,
                format!("and sounds are refused, because there is no ffmpeg with ffprobe; {remedy}"),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::value::Secret;
    use crate::doctor::Verdict;
    use std::fs;

    fn config() -> Config {
        Config::default()
    }

    #[test]
    fn the_programs_are_looked_for_where_the_settings_say() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config();
        config.media.ffmpeg = Some(folder.path().to_owned());
        assert_eq!(films(&config).verdict, Verdict::Warning);
        for program in ["ffmpeg", "ffprobe"] {
            fs::write(folder.path().join(program), "").unwrap();
        }
        assert_eq!(films(&config).verdict, Verdict::Fine);
        assert!(films(&config).says.contains(&*folder.path().join("ffmpeg").to_string_lossy()));
        config.media.films = false;
        assert_eq!(films(&config).says, "and sounds are not taken: `media.films` is false");
    }

    #[tokio::test]
    async fn a_bucket_that_cannot_be_reached_is_a_failure_and_its_secret_is_not_said() {
        let mut config = config();
        assert_eq!(kept(&config).await.verdict, Verdict::Fine);
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        config.media.bucket = Some("ours".to_owned());
        config.media.endpoint = Some(format!("http://{nobody}").parse().unwrap());
        config.media.region = Some("eu-west-2".to_owned());
        config.media.key_id = Some("key".to_owned());
        config.media.secret_key = Some("hush-hush".parse::<Secret>().unwrap());
        let finding = kept(&config).await;
        assert_eq!(finding.verdict, Verdict::Failure);
        assert!(
            !finding.says.contains("hush") && !format!("{config:?}").contains("hush"),
            "{}",
            finding.says
        );
        assert!(!toml::to_string(&config).unwrap().contains("hush"));
    }
}
