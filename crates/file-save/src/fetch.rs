//! One transfer through all its trouble: cuts, stalls, expired links. What it brings may go
//! anywhere.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{Either, select};
use reqwest::header::{ACCEPT_ENCODING, IF_RANGE, RANGE};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::body::{self, Body, IS_RAW};
use crate::kind::{self, HEAD};
use crate::packed::Unpacker;
use crate::reply::{self, Coming, Have, Validator};
use crate::whole::Whole;
use crate::{Backoff, Failure as _, Source, Transfer, Transfers, is_safe, is_web_page};

/// Tries in a row that bring nothing new, after the first one.
const FRUITLESS: u32 = 3;
/// Tries of one transfer, whatever they bring.
const MOST: u32 = 64;
/// The longest pause, whatever the storage asks for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// How long the storage may send nothing.
const SILENCE: Duration = Duration::from_secs(30);

/// What comes next of a file.
#[derive(Debug)]
pub(crate) enum Event {
    /// The file from its beginning: what came before counts no longer.
    Begin,
    Chunk(Bytes),
    /// The file is complete.
    End,
}

/// A transfer under way. Nothing of it goes on when it is dropped.
pub(crate) struct Fetch<S> {
    transfers: Transfers,
    pub(crate) source: S,
    limit: u64,
    link: Option<SecretString>,
    /// The link that was refused last.
    refused: Option<SecretString>,
    /// The link was just asked for and has not opened anything yet.
    fresh: bool,
    body: Option<Body>,
    /// What unpacks the body, where the storage packed it.
    unpacker: Option<Unpacker>,
    /// Follows a file whose end nothing but its format tells.
    whole: Option<Whole>,
    /// How much of the file has been handed over.
    have: u64,
    furthest: u64,
    /// The first bytes of the file.
    pub(crate) head: Vec<u8>,
    /// The size of the file, where it was announced.
    pub(crate) size: Option<u64>,
    pub(crate) media_type: String,
    /// When the service wrote the file, as an HTTP date.
    pub(crate) modified: Option<String>,
    validator: Option<Validator>,
    tries: u32,
    fruitless: u32,
}

impl<S: Source> Fetch<S> {
    /// A transfer of a file.
    pub(crate) fn new(transfers: Transfers, source: S) -> Self {
        Self {
            limit: transfers.largest,
            transfers,
            link: source.link(),
            source,
            refused: None,
            fresh: false,
            body: None,
            unpacker: None,
            whole: None,
            have: 0,
            furthest: 0,
            head: Vec::new(),
            size: None,
            media_type: String::new(),
            modified: None,
            validator: None,
            tries: 0,
            fruitless: 0,
        }
    }

    /// Lowers the limit on the size of the file, which may be too large by now.
    pub(crate) fn limit_to(&mut self, bytes: u64) -> Result<(), Transfer> {
        self.limit = self.limit.min(bytes);
        self.check(self.have.max(self.size.unwrap_or(0)))
    }

    /// What comes next, after as many tries as that takes.
    pub(crate) async fn next(&mut self) -> Result<Event, S::Error> {
        loop {
            match self.step().await {
                Ok(Some(event)) => return Ok(event),
                Ok(None) => {}
                Err(error) => self.recover(error).await?,
            }
        }
    }

    /// One step without a second try; nothing comes of one that only makes a connection.
    async fn step(&mut self) -> Result<Option<Event>, S::Error> {
        let Some(body) = &mut self.body else {
            return self.open().await;
        };
        let chunk = within(&self.transfers, body.chunk()).await?;
        let chunk = match (chunk.map_err(Transfer::connection)?, &mut self.unpacker) {
            (Some(chunk), None) => chunk,
            (Some(packed), Some(unpacker)) => unpacker.add(&packed)?,
            (None, unpacker) => {
                let rest = unpacker.take().map(|mut unpacker| unpacker.end());
                match rest.transpose()? {
                    Some(rest) if !rest.is_empty() => rest,
                    _ => return self.end().map(Some),
                }
            }
        };
        if chunk.is_empty() {
            return Ok(None);
        }
        if self.head.len() < HEAD {
            let missing = HEAD - self.head.len();
            self.head.extend(chunk.iter().take(missing));
            if is_web_page(&self.media_type, &self.head) {
                return Err(Transfer::Page.into());
            }
        }
        let bytes = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if let Some(received) = &self.transfers.received {
            received(bytes);
        }
        self.have += bytes;
        self.check(self.have)?;
        if let Some(whole) = &mut self.whole {
            whole.add(&chunk);
        }
        Ok(Some(Event::Chunk(chunk)))
    }

    /// Looks at what came, now that nothing more does.
    fn end(&self) -> Result<Event, S::Error> {
        let got = self.have;
        let is_small = usize::try_from(got).is_ok_and(|got| got == self.head.len());
        Err(match self.size {
            _ if got == 0 => Transfer::Empty,
            Some(announced) if announced != got => Transfer::Cut { announced, got },
            _ if self.whole.as_ref().is_some_and(Whole::is_cut) => Transfer::Short { got },
            _ if is_small && kind::is_report(&self.head) => Transfer::Report,
            _ => return Ok(Event::End),
        }
        .into())
    }

    /// Asks for the file, or for the rest of it where what is there can be continued.
    async fn open(&mut self) -> Result<Option<Event>, S::Error> {
        let link = match self.link.take() {
            Some(link) => link,
            None => {
                self.fresh = true;
                self.source.fresh_link(self.refused.as_ref()).await?
            }
        };
        let url = Url::parse(link.expose_secret()).ok().filter(is_safe);
        let url = url.ok_or(Transfer::Link)?;
        let request = self.transfers.client.get(url);
        let mut request = request.header(ACCEPT_ENCODING, "identity");
        self.link = Some(link);

        let have = self.validator.clone().filter(|_| self.have > 0);
        let have = have.map(|validator| Have {
            bytes: self.have,
            size: self.size,
            validator,
        });
        if let Some(Have {
            bytes, validator, ..
        }) = &have
        {
            request = request
                .header(RANGE, format!("bytes={bytes}-"))
                .header(IF_RANGE, validator.value());
        }
        let reply = within(&self.transfers, body::send(request)).await?;
        let reply = reply.map_err(Transfer::connection)?;
        let coming = reply::read(reply.status(), reply.headers(), have.as_ref())?;
        let unpacker = match IS_RAW {
            true => Unpacker::of(reply.headers())?,
            false => None,
        };
        self.fresh = false;
        let begun = match coming {
            // Ranges are of what is packed: the rest of it means nothing alone.
            Coming::Rest { .. } if unpacker.is_some() => return Err(Transfer::Changed.into()),
            Coming::Rest { size } => {
                self.size = size;
                None
            }
            Coming::Whole {
                size,
                validator,
                media_type,
                modified,
            } => {
                if is_web_page(&media_type, &[]) {
                    return Err(Transfer::Page.into());
                }
                self.restart();
                if unpacker.is_none() && IS_RAW {
                    (self.size, self.validator) = (size, validator);
                }
                self.whole = Whole::of(&reply);
                self.unpacker = unpacker;
                (self.media_type, self.modified) = (media_type, modified);
                Some(Event::Begin)
            }
        };
        self.check(self.size.unwrap_or(0))?;
        self.body = Some(body::body(reply));
        Ok(begun)
    }

    /// Makes ready for another try, or gives up.
    async fn recover(&mut self, error: S::Error) -> Result<(), S::Error> {
        (self.body, self.unpacker) = (None, None);
        let is = |what: fn(&Transfer) -> bool| error.transfer().is_some_and(what);
        if is(Transfer::is_stale_link) && !self.fresh {
            tracing::debug!("the link is stale; asking for a fresh one");
            self.refused = self.link.take();
            return Ok(());
        }
        self.tries += 1;
        if self.have > self.furthest {
            (self.furthest, self.fruitless) = (self.have, 0);
        } else {
            self.fruitless += 1;
        }
        if !error.is_retryable() || self.fruitless > FRUITLESS || self.tries >= MOST {
            return Err(error);
        }
        if is(|transfer| matches!(transfer, Transfer::Changed)) {
            self.restart();
        }
        if is(|transfer| matches!(transfer, Transfer::Report)) {
            self.refused = self.link.take();
        }
        let before = self.fruitless.saturating_sub(1);
        let pause = Backoff::OF_CALLS.pause(before, fastrand::f64());
        let pause = pause.max(error.retry_after().unwrap_or_default());
        tracing::debug!(
            ?pause,
            tries = self.tries,
            "the transfer failed; trying again"
        );
        self.transfers.clock.sleep(pause.min(LONGEST_PAUSE)).await;
        Ok(())
    }

    /// Forgets what is there: the next answer is about the whole file.
    fn restart(&mut self) {
        self.have = 0;
        self.validator = None;
        self.size = None;
        self.head.clear();
    }

    fn check(&self, bytes: u64) -> Result<(), Transfer> {
        let limit = self.limit;
        if bytes > limit {
            return Err(Transfer::TooLarge { limit });
        }
        Ok(())
    }
}

/// The outcome of `work`, unless the storage is silent for too long.
async fn within<T>(transfers: &Transfers, work: impl Future<Output = T>) -> Result<T, Transfer> {
    let limit = transfers.clock.limit(SILENCE);
    match select(pin!(work), limit).await {
        Either::Left((done, _)) => Ok(done),
        Either::Right(_) => Err(Transfer::Silence { limit: SILENCE }),
    }
}
