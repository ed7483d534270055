//! A piece of work that can be polled, and the answer to what a poll means.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use job_watch::{Fault, Phase, Pollable, Polled, Until, Watch};

use crate::handle::shown;
use crate::read::{Asked, Reading, of_status, read, told};
use crate::snapshot::Inner;
use crate::spec::{Says, Target};
use crate::start::{self, Started};
use crate::target::{self, Known};
use crate::{Answer, Call, Handle, LookError, RemoteFile, Snapshot, Transport, Work, file, reason};
use outcome::outcome;

mod outcome;

/// A piece of work that runs at a service: watch it, poll it once, or cancel it.
pub struct Job<W: Work> {
    transport: W::Transport,
    handle: Handle<W>,
    /// Why the handle is not whole.
    trouble: Option<Arc<str>>,
    /// An answer has shown the work.
    seen: Arc<AtomicBool>,
    /// What the reply to the start says, where that is a poll already.
    first: Arc<Mutex<Option<Answer>>>,
}

/// Why a poll of such work failed.
type Failure<W> = LookError<<<W as Work>::Transport as Transport>::Error>;

impl<W: Work> Job<W> {
    /// Takes up work that was started before, perhaps by another process.
    pub fn attach(transport: W::Transport, handle: Handle<W>) -> Self {
        Self {
            transport,
            handle,
            trouble: None,
            seen: Arc::default(),
            first: Arc::default(),
        }
    }

    /// Takes up work that was just started. Where the reply does not name the work, the first poll
    /// says so.
    pub fn started(transport: W::Transport, started: &Started<'_>) -> Self {
        let (parts, trouble, is_look) = start::parts(W::WAITER, started);
        let job = Self::attach(transport, Handle::new(parts));
        if is_look && trouble.is_none() {
            *job.first.lock().unwrap_or_else(PoisonError::into_inner) =
                Some(started.answer.clone());
        }
        Self {
            trouble: trouble.map(Arc::from),
            ..job
        }
    }

    /// Returns what names the work. Keep it, and [`attach`](Self::attach) takes the work up again.
    pub fn handle(&self) -> &Handle<W> {
        &self.handle
    }

    /// Returns the part of the handle that names the work.
    pub fn id(&self) -> &str {
        self.handle.id()
    }

    /// Returns why the reply to the start does not name the work, where it does not.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Watches the work at the pace that the contract names.
    pub fn watch(&self) -> Watch<Self> {
        let waiter = W::WAITER;
        let watch = Watch::new(self.clone()).policy(waiter.policy());
        let part = waiter
            .pace
            .expected_part
            .and_then(|part| self.handle.part(part));
        let run = part.and_then(|part| part.parse().ok());
        match run.and_then(|run| Duration::try_from_secs_f64(run).ok()) {
            Some(run) => watch.expected(run),
            None => watch,
        }
    }

    /// Asks the service to stop the work. It is over when a poll says so: services stop when they can,
    /// and work may still succeed.
    ///
    /// # Errors
    ///
    /// The waiter names nothing that cancels, or the service refuses.
    pub async fn cancel(&self) -> Result<(), Failure<W>> {
        let Some(target) = &W::WAITER.cancel else {
            let what = format!("{} cannot be cancelled", W::WAITER.name);
            return Err(LookError::new(what, None, Fault::Permanent));
        };
        let call = self.call(target, None)?;
        let answer = self.send(call).await?;
        match of_status(W::WAITER, answer.status, false) {
            Says::Look | Says::Phase(_) => Ok(()),
            says => {
                let body = serde_json::from_slice(&answer.body).ok();
                let why = reason::refusal(&W::WAITER.reason, body.as_ref());
                let fault = match says {
                    Says::Passing => Fault::Transient { retry_after: None },
                    _ => Fault::Permanent,
                };
                Err(LookError::new(
                    told(answer.status, why),
                    Some(answer.status),
                    fault,
                ))
            }
        }
    }

    /// Makes a request; `look` is the last poll.
    pub(crate) fn call(
        &self,
        target: &Target,
        look: Option<&serde_json::Value>,
    ) -> Result<Call, Failure<W>> {
        let lasting = |what: String| LookError::new(what, None, Fault::Permanent);
        if let Some(trouble) = &self.trouble {
            return Err(lasting(trouble.to_string()));
        }
        let part = |name: &str| self.handle.part(name).map(str::to_owned);
        let known = Known { part: &part, look };
        target::call(target, self.transport.base_url(), known).map_err(lasting)
    }

    pub(crate) async fn send(&self, call: Call) -> Result<Answer, Failure<W>> {
        let sent = self.transport.send(call).await;
        sent.map_err(|error| {
            let fault = match self.transport.is_lasting(&error) {
                true => Fault::Permanent,
                false => Fault::Transient { retry_after: None },
            };
            LookError::unsent(error, fault)
        })
    }

    async fn look(
        &self,
        held: Option<Duration>,
    ) -> Result<Polled<Snapshot<W>, RemoteFile>, Failure<W>> {
        let first = self
            .first
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let answer = match first {
            Some(answer) => answer,
            None => {
                let hold = W::WAITER.hold.as_ref().zip(held);
                let target = hold.and_then(|(hold, _)| hold.target.as_ref());
                let call = self.call(target.unwrap_or(&W::WAITER.look), None)?;
                self.send(match hold {
                    Some((hold, limit)) => target::held(call, hold, limit),
                    None => call,
                })
                .await?
            }
        };
        self.shown(answer, held.is_some()).await
    }

    async fn shown(
        &self,
        answer: Answer,
        held: bool,
    ) -> Result<Polled<Snapshot<W>, RemoteFile>, Failure<W>> {
        let waiter = W::WAITER;
        let asked = Asked {
            seen: self.seen.load(Ordering::Relaxed),
            held,
        };
        let status = Some(answer.status);
        let read = read(waiter, &answer, asked);
        let mut reading = read.map_err(|no| LookError::new(no.what, status, no.fault))?;
        self.seen.store(true, Ordering::Relaxed);
        let is_file = waiter.result.is_bytes && waiter.result.from.is_none();
        let look = match &reading.body {
            Some(_) if !is_file => {
                Some(W::look(&answer.body).map_err(|error| LookError::unfit(&error, status))?)
            }
            _ => None,
        };
        let (mut result, mut held_by_result) = (None, None);
        if reading.phase == Phase::Succeeded {
            let told = outcome(self, &answer, reading.body.as_ref()).await?;
            (result, held_by_result) = (told.value, told.body);
            reading.phase = told.phase;
            reading.reason = told.reason.or(reading.reason);
        }
        let bodies: Vec<_> = [&held_by_result, &reading.body]
            .into_iter()
            .flatten()
            .collect();
        let files = file::files(waiter, self.transport.base_url(), shown(self.id()), &bodies);
        let Reading {
            phase,
            word,
            reason,
            progress,
            retry_after,
            ..
        } = reading;
        let items: Vec<_> = files
            .iter()
            .map(|one| (file::number(one), one.clone()))
            .collect();
        let snapshot = Snapshot::new(Inner {
            phase,
            status: answer.status,
            word,
            reason,
            look,
            result,
            files,
        });
        let polled = Polled::new(phase, snapshot).retry_after(retry_after);
        Ok(polled.progress(progress).items(items))
    }
}

impl<W: Work> Pollable for Job<W> {
    type Snapshot = Snapshot<W>;
    type Item = RemoteFile;
    type Error = Failure<W>;

    async fn poll(&self) -> Result<Polled<Snapshot<W>, RemoteFile>, Failure<W>> {
        self.look(None).await
    }

    async fn long_poll(
        &self,
        limit: Duration,
        _: Until,
    ) -> Result<Polled<Snapshot<W>, RemoteFile>, Failure<W>> {
        self.look(Some(limit)).await
    }

    fn max_long_poll(&self) -> Option<Duration> {
        W::WAITER.hold.as_ref().map(|hold| hold.longest)
    }

    fn fault(&self, error: &Failure<W>) -> Fault {
        error.fault()
    }

    fn reason(&self, snapshot: &Snapshot<W>) -> Option<String> {
        snapshot.reason().map(str::to_owned)
    }
}

impl<W: Work> Clone for Job<W> {
    fn clone(&self) -> Self {
        Self {
            transport: self.transport.clone(),
            handle: self.handle.clone(),
            trouble: self.trouble.clone(),
            seen: Arc::clone(&self.seen),
            first: Arc::clone(&self.first),
        }
    }
}

/// The id alone: an address shows no signature.
impl<W: Work> fmt::Display for Job<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(shown(self.id()))
    }
}

impl<W: Work> fmt::Debug for Job<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Job").field(&shown(self.id())).finish()
    }
}
