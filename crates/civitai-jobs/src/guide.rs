//! What the front page leaves out, part by part. Every block runs against the simulator.
//!
//! # Requests
//!
//! [`TextToImage`](crate::TextToImage) has a method for everything that the service takes: networks,
//! images that steer, priority, time-outs, callbacks, labels. What is left out stays out of the request,
//! and the service decides.
//!
//! ```rust
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, _| {
//! use std::time::Duration;
//! use civitai_jobs::TextToImage;
//! use civitai_jobs::jobs::{ControlNet, ImageTransformer, Network, Scheduler};
//!
//! let request = TextToImage::new(stage::model(), "a lighthouse in fog, easynegative")
//!     .negative_prompt("people")
//!     .size(768, 512)
//!     .steps(30)
//!     .cfg_scale(7.0)
//!     .scheduler(Scheduler::EulerA)
//!     .network(Network::embedding("urn:air:sd1:embedding:civitai:7808@9208".parse()?, "easynegative"))
//!     .control_net(ControlNet::from_url("https://example.com/pose.png").preprocessor(ImageTransformer::Canny))
//!     .priority(2..=8)
//!     .timeout(Duration::from_secs(300))
//!     .property("user", 7);
//! request.check()?;
//! # client.jobs().submit(&request).await?;
//! # Ok(()) });
//! ```
//!
//! The check knows the limits of the contract. On the day when the service takes more than this crate
//! knows, [`allow_unchecked`](crate::TextToImage::allow_unchecked) lets it through. Jobs of other kinds,
//! such as a Comfy graph, are typed requests of the low-level crate, and go out by
//! [`submit_jobs`](crate::Jobs::submit_jobs) with the same care.
//!
//! # What becomes of a submission
//!
//! | what came back for a job | what happens |
//! |---|---|
//! | its token | the [`Batch`](crate::Batch) |
//! | no connection could be made, or 429 | sent again, three times at most, after the pause that the service asks for if that is a minute at most |
//! | another refusal | an error; [`money`](crate::Error::money) is untouched |
//! | a time-out, a broken connection, a 5xx, no body or one that cannot be read | searched for by its [`ClientKey`](crate::ClientKey), never sent again |
//!
//! The search ends as found; as not accepted, if the service answered one that was asked after it had
//! time to list the job; or as [unknown](crate::Error::is_outcome_unknown).
//! [`SubmitPolicy`](crate::SubmitPolicy) sets the times. Of a batch, a part may be there:
//! [`accepted_part`](crate::Error::accepted_part) leads to it, and
//! [`missing_jobs`](crate::Error::missing_jobs) says which are not.
//!
//! A workflow has a key that the service knows, so it is sent again under the same key, and the service
//! gives back the one that it has taken already. A preview never carries a key: what is submitted later
//! under that key would never run.
//!
//! # Waiting
//!
//! Pace, tolerance and deadline are separate knobs, for a client or for one watch. A deadline that
//! passes says nothing about the job: the error has the handle and the last state.
//!
//! ```rust
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, _| {
//! # let batch = client.jobs().submit(&stage::request()).await?;
//! use std::time::Duration;
//! use civitai_jobs::{Pace, Tolerance, WatchError, WatchPolicy};
//!
//! let policy = WatchPolicy::default()
//!     .pace(Pace::growing(Duration::from_secs(2), Duration::from_secs(30)))
//!     .tolerance(Tolerance::in_a_row(20))
//!     .deadline(Duration::ZERO);
//! match batch.watch().policy(policy).await {
//!     Ok(done) => println!("{} files", done.files().len()),
//!     Err(WatchError::Ended { last, .. }) => println!("it failed: {:?}", last.reason()),
//!     Err(error) => {
//!         println!("{error}");
//!         error.job().watch().await?; // it may well go on; wait some more
//!     }
//! }
//! # Ok(()) });
//! ```
//!
//! - [`WatchPolicy::long_poll`](crate::WatchPolicy::long_poll) makes long polls of a batch: the service answers
//!   when its jobs have ended, so that the end is noticed at once, mostly with one request, and shows no
//!   progress before. A watch of a workflow makes long polls by default.
//!   [`wait_for`](crate::Batch::wait_for) does it in one call.
//! - A watch of a workflow that is asked for its next update, and not awaited, gets each change when it
//!   happens, with one request for it. A service of before September 2026 refuses that or knows nothing of
//!   it; the watch finds out by itself, and makes long polls until the end.
//! - `expected` says how long such a job runs once it has begun. Polls then gather around the expected end.
//! - A job is done when every file is `available`, whatever else its status says. One that is neither
//!   queued nor finished is undecided for a minute before it counts as failed.
//!
//! # Fleets
//!
//! The driver is a future: spawn it, or run it beside the work that needs it, and nothing outlives that.
//! `watch_each` watches the jobs of a batch one by one, at no more requests than for all together.
//!
//! ```rust
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, _| {
//! # let request = stage::request();
//! # let requests = [request.clone(), request.clone().seed(7), request.clone().seed(8)];
//! use civitai_jobs::RequestBudget;
//!
//! let batch = client.jobs().submit_all(&requests).await?;
//! let (fleet, driver) = client.jobs().fleet(RequestBudget::per_second(2));
//! let watches = fleet.watch_each(&batch);
//! let done = driver.until(async {
//!     let mut done = 0;
//!     for watch in watches {
//!         match watch.await {
//!             Ok(job) => done += job.files().len(),
//!             Err(error) => println!("{:?}: {error}", error.job().id()),
//!         }
//!     }
//!     done
//! });
//! println!("{} files", done.await);
//! # Ok(()) });
//! ```
//!
//! A [`WorkflowFleet`](crate::WorkflowFleet) is for many workflows of which the end matters. Of a few that
//! somebody follows, each is better watched by itself: it then gets each change. A fleet covers up to a
//! hundred workflows by one page of the list. Add them in the order in which they were submitted: a page holds what was made in a span of time.
//!
//! # Workflows
//!
//! ## Steps and engines
//!
//! The common steps are functions of [`Step`](crate::workflows::Step), and each engine takes what it
//! takes: a member that an engine does not have does not compile. Any other input comes from
//! [`types`](crate::workflows::types), and becomes a step as it is.
//!
//! ```rust
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, _| {
//! use std::time::Duration;
//! use civitai_jobs::workflows::{Currency, Priority, Step, Text, WorkflowRequest};
//!
//! let mut request = WorkflowRequest::new()
//!     .tag("lighthouse")
//!     .metadata("user", 7)
//!     .currency(Currency::Blue);
//! // An argument stands once in the request, and steps take it by its handle.
//! let prompt = request.argument::<Text>("prompt", "a lighthouse in fog");
//! let fast = Step::z_image(prompt.clone())
//!     .size(1024, 768)
//!     .priority(Priority::Low)
//!     .timeout(Duration::from_secs(600));
//! let fast = request.add(fast);
//! request.add(Step::convert_to_jpeg(fast.image(0), 85).name("small"));
//!
//! // A clone is a template: what is changed in it stays there.
//! let mut dawn = request.clone();
//! dawn.argument::<Text>("prompt", "a lighthouse at dawn");
//! # client.workflows().submit(&dawn).await?.watch().await?;
//! # Ok(()) });
//! ```
//!
//! ## Results and failures
//!
//! Files are found by the type of their step. Some may be withheld, and say why; those of earlier
//! steps can be used although a later one failed.
//!
//! ```rust
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, _| {
//! # use civitai_jobs::workflows::{Step, WorkflowRequest};
//! # let mut request = WorkflowRequest::new();
//! # request.add(Step::text_to_image(stage::model(), "a lighthouse in fog"));
//! # let workflow = client.workflows().submit(&request).await?;
//! use civitai_jobs::WatchError;
//!
//! let seen = match workflow.watch().await {
//!     Ok(done) => done,
//!     Err(WatchError::Ended { last, .. }) => {
//!         // Such as: step upscale failed: no provider available; 8 Buzz were spent
//!         println!("{}", last.failure().map(|failure| failure.to_string()).unwrap_or_default());
//!         last
//!     }
//!     Err(error) => return Err(error.into()),
//! };
//! for file in seen.files() {
//!     match file.blocked_reason() {
//!         Some(reason) => println!("{} is withheld: {reason}", file.path()),
//!         None => println!("{} {:?} {:?}", file.path(), file.kind(), file.size()),
//!     }
//! }
//! for step in seen.steps() {
//!     println!("{}: {:?} {:?}", step.name(), step.texts(), step.percent());
//! }
//! # Ok(()) });
//! ```
//!
//! Why a step failed is told in [`failure`](crate::WorkflowSnapshot::failure), and by
//! [`errors`](crate::StepSnapshot::errors) of the step, wherever the service puts it: into the jobs of the
//! step, its output or its metadata. The same goes for the [place in the
//! queue](crate::StepSnapshot::queue_position) and the times that are expected.
//!
//! [`save`](crate::Client::save) and [`open`](crate::Client::open) take these files as they take those
//! of jobs, and refuse what is not available.
//!
//! [`StepSnapshot::typed`](crate::StepSnapshot::typed) has the rest of what the contract says of a step of
//! its type, and [`output`](crate::StepSnapshot::output) what came, as JSON.
//!
//! ## What work waits for
//!
//! A model that no worker has is loaded first. An update tells how much of it is there, apart from the share
//! of the work that is done, and a higher priority, which costs Buzz, loads it faster:
//!
//! ```rust
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, _| {
//! # use civitai_jobs::workflows::{Step, WorkflowRequest};
//! # let mut request = WorkflowRequest::new();
//! # request.add(Step::text_to_image(stage::model(), "a lighthouse in fog"));
//! use civitai_jobs::WorkflowChange;
//! use civitai_jobs::workflows::Priority;
//!
//! let workflow = client.workflows().submit(&request).await?;
//! let urgent = WorkflowChange::new().download_priority(Priority::High);
//! let price = workflow.preview_update(&urgent).await?.price(); // nothing is changed or paid
//! if workflow.poll().await?.boosted_in().is_some() && price < 100 {
//!     workflow.update(&urgent).await?;
//! }
//! let mut watch = workflow.watch();
//! while let Some(update) = watch.next().await? {
//!     if let Some(percent) = update.progress.prepared {
//!         println!("{percent} % loaded, {:?} left", update.snapshot.prepared_in());
//!     }
//!     for warning in update.snapshot.steps().iter().flat_map(|step| step.warnings()) {
//!         println!("{} {:?}", warning.message, warning.replacement);
//!     }
//! }
//! # Ok(()) });
//! ```
//!
//! [`preparation`](crate::WorkflowSnapshot::preparation) lists the models one by one, and
//! [`warnings`](crate::StepSnapshot::warnings) tell that an engine retires, when, and what replaces it.
//! [`WorkflowRequest::download_priority`](crate::WorkflowRequest::download_priority) sets the priority from the
//! start. Which models workers hold is a list, so that a program can choose one that starts at once:
//!
//! ```rust
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, _| {
//! let loaded = client.resources().loaded().kind("checkpoint").max_size(8 << 30);
//! for model in loaded.all().await? {
//!     println!("{}", model.air);
//! }
//! # Ok(()) });
//! ```
//!
//! ## Lists and changes
//!
//! ```rust
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, _| {
//! # use civitai_jobs::workflows::{Step, WorkflowRequest};
//! # let mut request = WorkflowRequest::new().tag("lighthouse");
//! # request.add(Step::text_to_image(stage::model(), "a lighthouse in fog"));
//! # client.workflows().submit(&request).await?;
//! let mut list = client.workflows().list().tag("lighthouse").oldest_first().stream();
//! while let Some(seen) = list.next().await {
//!     let seen = seen?;
//!     println!("{:?} is {}", seen.id(), seen.status());
//!     if let Some(id) = seen.id() {
//!         let workflow = client.workflows().attach(id);
//!         workflow.add_tag("seen").await?;
//!         workflow.cancel().await?; // the record stays; `delete` takes it away
//!     }
//! }
//! # Ok(()) });
//! ```
//!
//! [`without_tag`](crate::WorkflowList::without_tag) leaves out what has a tag. A list leaves mature content
//! out unless [`mature`](crate::WorkflowList::mature) asks for it, although
//! reading a single workflow does not.
//!
//! # Uploads
//!
//! ```rust
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, stage| {
//! # let files = client.jobs().submit(&stage::request()).await?.watch().await?.files();
//! # let saved = client.save(&files, stage.dir(), &civitai_jobs::Naming::default()).await?;
//! # let path = &saved[0].path;
//! use civitai_jobs::workflows::{Step, WorkflowRequest};
//!
//! let photo = client.blobs().upload_file(path, "image/png").await?;
//! let mut request = WorkflowRequest::new();
//! request.add(Step::upscale_image(&photo));
//! # client.workflows().submit(&request).await?;
//! # Ok(()) });
//! ```
//!
//! [`Blobs`](crate::Blobs) also takes bytes and streams, lets the service
//! [take a file in](crate::Blobs::ingest) from an address by itself, gives out a link to which somebody without a
//! token can upload, refreshes links and reads archives.
//!
//! # Training data
//!
//! The service takes pictures for training as one archive. Upload each picture, and let a `blobArchive`
//! step pack them; its [archive](crate::workflows::StepHandle) goes into the training step of the same workflow.
//! A zip of one's own is refused as an upload (status 415): the media types that are taken are those of
//! images, videos and sounds.
//!
//! # Budgets
//!
//! A [`Budget`](crate::Budget) reserves the price that a preview names before anything is sent. What the
//! service charged takes the place of the reservation, and what it gave back is free again; polls and
//! watches of the workflow tell it. It can begin with [something spent](crate::Budget::opening), be stored
//! with serde, and be [joined](crate::Workflow::budget) by work that was submitted elsewhere. A price may be [a ceiling](crate::Preview::is_price_ceiling): the whole of it
//! is reserved and charged, and what the work did not cost comes back at its end. A submission without a clear outcome keeps its reservation, since it
//! may have been paid. A workflow whose steps take what others make is known to be refused a preview, and
//! then nothing is submitted.
//!
//! # Files
//!
//! | a name is made of | which stands for |
//! |---|---|
//! | `{prompt}` | the prompt in lower case and with hyphens, cut to 60 bytes |
//! | `{seed}` | the seed, or the place of the file where the seed is not known |
//! | `{index}` | the place of the file in its job or step, from 1 |
//! | `{job}` | the id of the job, or of the workflow |
//!
//! Names never leave the folder, and two files never get the same one. A transfer that broke goes on
//! where it stopped, where the storage vouches for it being the same file. Of several files, those that
//! could be saved are, and [`saved_files`](crate::Error::saved_files) of the error lists them.
//!
//! A file need not touch the disk. It comes in memory, in chunks or as a stream:
//!
//! ```rust
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, _| {
//! # let files = client.jobs().submit(&stage::request()).await?.watch().await?.files();
//! let mut reader = client.open(&files[0]).await?;
//! println!("{} of {:?} bytes", reader.media_type(), reader.size());
//! let mut sum = 0;
//! while let Some(chunk) = reader.chunk().await? {
//!     sum += chunk.len();
//! }
//! # assert!(sum > 100);
//! # Ok(()) });
//! ```
//!
//! # Webhooks
//!
//! The [`Secret`](crate::events::Secret) in the address keeps strangers out. An
//! [`Inbox`](crate::events::Inbox) takes deliveries in and wakes those who wait; they poll the batch or
//! workflow itself, and poll it once a minute where nothing comes. So a forged delivery changes nothing, a second
//! one costs a poll at most, and a lost one is made up for.
//!
//! ```rust
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, _| {
//! # let base = "http://127.0.0.1:9/hooks".parse()?;
//! use civitai_jobs::events::{Inbox, Secret};
//! use civitai_jobs::workflows::{CallbackEvent, Step, WorkflowRequest};
//!
//! let secret = Secret::random();
//! let inbox = Inbox::new(secret.clone());
//! # #[cfg(feature = "axum")]
//! let app: axum::Router = axum::Router::new()
//!     .nest("/hooks", civitai_jobs::events::axum::router(inbox.clone()));
//!
//! let mut request = WorkflowRequest::new()
//!     .callback(secret.address(&base)?, [CallbackEvent::WorkflowStar]);
//! request.add(Step::text_to_image(stage::model(), "a lighthouse in fog"));
//! let workflow = client.workflows().submit(&request).await?;
//! # workflow.watch().await?;
//! let done = inbox.wait(&workflow).await?;
//! # assert!(done.phase().is_terminal());
//! # Ok(()) });
//! ```
//!
//! The route for axum is behind the feature `axum`. Any other server hands the last part of the path and
//! the body to [`receive`](crate::events::Inbox::receive). What a job (v1) posts is read by
//! the same [`Event`](crate::events::Event), which gives out no link of it.
//!
//! # Errors
//!
//! | question | answer |
//! |---|---|
//! | [`is_invalid`](crate::Error::is_invalid), [`fields`](crate::Error::fields) | the request was wrong: which fields, and what is expected |
//! | [`money`](crate::Error::money) | untouched, spent, or unknown |
//! | [`is_retryable`](crate::Error::is_retryable), [`retry_after`](crate::Error::retry_after) | whether the same call may work later and costs nothing twice, and when |
//! | [`is_outcome_unknown`](crate::Error::is_outcome_unknown), [`client_key`](crate::Error::client_key) | whether it may have been accepted, and what finds it |
//! | [`is_moderation`](crate::Error::is_moderation) | what it asks to show was refused; no repetition changes that |
//! | [`is_over_budget`](crate::Error::is_over_budget) | the budget has not enough left |
//! | [`is_unauthorized`](crate::Error::is_unauthorized), [`is_unreachable`](crate::Error::is_unreachable), [`is_web_page`](crate::Error::is_web_page) | the token, the network, or something else that answered in the place of the service |
//! | [`status`](crate::Error::status), [`request_id`](crate::Error::request_id), [`body_excerpt`](crate::Error::body_excerpt) | what to put into a report |
//!
//! # Logs and counters
//!
//! Each request is a `tracing` span named `request` with method, path, attempt, status, request id and
//! time taken; each watch one named `watch`. Neither holds a token, a prompt or a link. Counters hook in
//! by an [`Observer`](crate::Observer):
//!
//! ```rust
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |_, stage| {
//! use std::sync::Arc;
//! use civitai_jobs::{Client, Counters};
//!
//! let counters = Arc::new(Counters::default());
//! let client = Client::builder().observer(counters.clone());
//! # let client = client.token(stage.sim.token().to_owned()).base_url(stage.sim.base_url());
//! let client = client.build()?;
//! client.account().coverage_of(&stage::model()).await?;
//! println!("{} requests, {} of them retries", counters.requests(), counters.retries());
//! # assert_eq!(counters.requests(), 1);
//! # Ok(()) });
//! ```
//!
//! # Without async
//!
//! With the feature `blocking`, `blocking::Client` runs whatever the async client does, for jobs and
//! workflows alike:
//!
//! ```rust
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # #[cfg(feature = "blocking")]
//! # stage::beside(|client, stage| {
//! let client = civitai_jobs::blocking::Client::new(client)?;
//! let batch = client.run(client.jobs().submit(&stage::request()))?;
//! let done = client.run(batch.watch())?;
//! # let dir = stage.dir();
//! client.run(client.save(done.files(), dir, &Default::default()))?;
//! let used = client.run(client.account().consumption(..))?;
//! println!("{:?} Buzz", used.cost);
//! # Ok(()) });
//! ```
//!
//! # Tests of your own
//!
//! The `civitai-sim` crate plays the service on loopback. It can lose replies, cut files, withhold
//! results and refuse calls, drawn from a seed or as ordered, so that a program learns about bad days
//! before they come. [`ClientBuilder::clock`](crate::ClientBuilder::clock) takes the simulator's clock, whose
//! pauses take no time.
