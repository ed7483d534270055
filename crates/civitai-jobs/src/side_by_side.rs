//! What a user does, with jobs (v1) and with workflows (v2): the same words on both sides.
//!
//! | | jobs (v1) | workflows (v2) |
//! |---|---|---|
//! | request | [`TextToImage`](crate::TextToImage) | [`WorkflowRequest`](crate::WorkflowRequest) |
//! | submit | [`jobs().submit`](crate::Jobs::submit) | [`workflows().submit`](crate::Workflows::submit) |
//! | submit several | [`submit_all`](crate::Jobs::submit_all): one batch | [`submit_all`](crate::Workflows::submit_all): a workflow each |
//! | name the key | [`key`](crate::BatchSubmission::key), [`resume`](crate::BatchSubmission::resume) | [`key`](crate::WorkflowSubmission::key), [`resume`](crate::WorkflowSubmission::resume) |
//! | find by key | [`find`](crate::Jobs::find) | [`find`](crate::Workflows::find) |
//! | attach | [`attach`](crate::Jobs::attach) to a [`Token`](crate::Token) | [`attach`](crate::Workflows::attach) to a [`WorkflowId`](crate::WorkflowId) |
//! | read | [`get`](crate::Jobs::get) a job | [`get`](crate::Workflows::get) a workflow |
//! | list | [`list`](crate::Jobs::list) by labels | [`list`](crate::Workflows::list) by tags |
//! | poll | [`poll`](crate::Batch::poll) | [`poll`](crate::Workflow::poll) |
//! | wait | [`watch`](crate::Batch::watch), [`wait_for`](crate::Batch::wait_for) | [`watch`](crate::Workflow::watch), [`wait_for`](crate::Workflow::wait_for) |
//! | many at once | [`fleet`](crate::Jobs::fleet) | [`fleet`](crate::Workflows::fleet) |
//! | cancel | [`cancel`](crate::Batch::cancel) | [`cancel`](crate::Workflow::cancel) |
//! | mark, change | [`taint`](crate::Batch::taint) | [`update`](crate::Workflow::update), [`delete`](crate::Workflow::delete) |
//! | files | [`files`](crate::BatchSnapshot::files) | [`files`](crate::WorkflowSnapshot::files) |
//! | price | [`cost`](crate::BatchSnapshot::cost), afterwards | [`preview`](crate::Workflows::preview), [`budget`](crate::WorkflowSubmission::budget), [`cost`](crate::WorkflowSnapshot::cost) |
//! | events | [`Inbox::wait`](crate::events::Inbox::wait) | [`Inbox::wait`](crate::events::Inbox::wait) |
//! | without async | `blocking::Client::run` | `blocking::Client::run` |
//!
//! What is missing on one side the service does not have: v1 names no price before the work and marks
//! results as bad; v2 changes workflows that run.
//!
//! # Submit
//!
//! ```
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, _| {
//! # let (request, workflow) = (stage::request(), stage::workflow());
//! let batch = client.jobs().submit(&request).await?;
//! let workflow = client.workflows().submit(&workflow).await?;
//! # assert_eq!(batch.ids().len(), 1);
//! # assert!(workflow.first().is_some());
//! # Ok(()) });
//! ```
//!
//! # Submit several
//!
//! ```
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, _| {
//! # let (requests, workflows) = ([stage::request(), stage::request()], [stage::workflow(), stage::workflow()]);
//! let batch = client.jobs().submit_all(&requests).await?;
//! let each = client.workflows().submit_all(&workflows).await;
//! # assert_eq!(batch.ids().len(), 2);
//! # assert!(each.len() == 2 && each.iter().all(Result::is_ok));
//! # Ok(()) });
//! ```
//!
//! # Key, find, resume
//!
//! ```
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, _| {
//! # let (request, workflow) = (stage::request(), stage::workflow());
//! # use civitai_jobs::ClientKey;
//! # let (first, second) = (ClientKey::new(), ClientKey::new());
//! let batch = client.jobs().submit(&request).key(first).await?;
//! let found = client.jobs().find(first).await?;
//! let again = client.jobs().submit(&request).resume(first).await?;
//! # assert_eq!(found.map(|found| found.ids().to_vec()).as_deref(), Some(batch.ids()));
//! # assert_eq!(again.ids(), batch.ids());
//!
//! let run = client.workflows().submit(&workflow).key(second).await?;
//! let found = client.workflows().find(second).await?;
//! let again = client.workflows().submit(&workflow).resume(second).await?;
//! # assert_eq!(found.as_ref().map(|found| found.id()), Some(run.id()));
//! # assert_eq!(again.id(), run.id());
//! # Ok(()) });
//! ```
//!
//! # Attach, read, list
//!
//! ```
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, _| {
//! # let (request, workflow) = (stage::request().property("user", 7), stage::workflow().tag("fog"));
//! # let batch = client.jobs().submit(&request).await?;
//! # let run = client.workflows().submit(&workflow).await?;
//! # let (token, id) = (batch.token().to_string(), run.id().to_string());
//! use civitai_jobs::{Token, WorkflowId};
//!
//! let batch = client.jobs().attach(token.parse::<Token>()?);
//! let run = client.workflows().attach(id.parse::<WorkflowId>()?);
//! let (jobs, steps) = (batch.poll().await?, run.poll().await?);
//!
//! let job = client.jobs().get(jobs.jobs()[0].id().ok_or("no id")?).await?;
//! let seen = client.workflows().get(run.id()).await?;
//! println!("{} {}", job.phase(), seen.phase());
//!
//! let labelled = client.jobs().list().property("user", 7).all().await?;
//! let tagged = client.workflows().list().tag("fog").all().await?;
//! # assert_eq!((labelled.len(), tagged.len(), steps.steps().len()), (1, 1, 1));
//! # Ok(()) });
//! ```
//!
//! # Wait, with progress
//!
//! ```
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, _| {
//! # let batch = client.jobs().submit(&stage::request()).await?;
//! # let workflow = client.workflows().submit(&stage::workflow()).await?;
//! let mut watch = batch.watch();
//! while let Some(update) = watch.next().await? {
//!     println!("{} {:?}, {} new files", update.phase, update.progress.percent, update.new_items.len());
//! }
//! let done = watch.await?;
//!
//! let mut watch = workflow.watch();
//! while let Some(update) = watch.next().await? {
//!     println!("{} {:?}, {} new files", update.phase, update.progress.percent, update.new_items.len());
//! }
//! let made = watch.await?;
//! # assert_eq!((done.files().len(), made.files().len()), (1, 1));
//! # Ok(()) });
//! ```
//!
//! # Many at once
//!
//! ```
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, _| {
//! # let batches = [client.jobs().submit(&stage::request()).await?];
//! # let runs = [client.workflows().submit(&stage::workflow()).await?];
//! # use civitai_jobs::RequestBudget;
//! let (fleet, driver) = client.jobs().fleet(RequestBudget::per_second(5));
//! tokio::spawn(driver);
//! for watch in fleet.watch_all(&batches) {
//!     println!("{} files", watch.await?.files().len());
//! }
//!
//! let (fleet, driver) = client.workflows().fleet(RequestBudget::per_second(5));
//! tokio::spawn(driver);
//! for watch in fleet.watch_all(&runs) {
//!     println!("{} files", watch.await?.files().len());
//! }
//! # Ok(()) });
//! ```
//!
//! # Cancel
//!
//! ```
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, _| {
//! # let batch = client.jobs().submit(&stage::request()).await?;
//! # let workflow = client.workflows().submit(&stage::workflow()).await?;
//! batch.cancel().await?;
//! workflow.cancel().await?;
//! # assert!(batch.poll().await?.phase().is_terminal() && workflow.poll().await?.phase().is_terminal());
//! # Ok(()) });
//! ```
//!
//! # Files and prices
//!
//! ```
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, stage| {
//! # let dir = stage.dir();
//! # let (request, workflow) = (stage::request(), stage::workflow());
//! use civitai_jobs::{Budget, Naming};
//!
//! let done = client.jobs().submit(&request).await?.watch().await?;
//! println!("{:?} Buzz", done.cost());
//! let saved = client.save(done.files(), dir, &Naming::default()).await?;
//!
//! let budget = Budget::new(400);
//! let made = client.workflows().submit(&workflow).budget(&budget).await?.watch().await?;
//! println!("{} Buzz of {}", made.cost(), budget.limit());
//! let more = client.save(made.files(), dir, &Naming::default()).await?;
//! # assert_eq!((saved.len(), more.len()), (1, 1));
//! # Ok(()) });
//! ```
//!
//! # Events
//!
//! ```
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # stage::run(async |client, _| {
//! # let batch = client.jobs().submit(&stage::request()).await?;
//! # let workflow = client.workflows().submit(&stage::workflow()).await?;
//! # let delivery = format!(r#"{{"jobId": "{}", "scheduled": false}}"#, batch.ids()[0]);
//! use civitai_jobs::events::{Inbox, Secret};
//!
//! let secret = Secret::random();
//! let inbox = Inbox::new(secret.clone());
//! inbox.receive(secret.reveal(), delivery.as_bytes())?; // in the handler of the callback address
//!
//! let done = inbox.wait(&batch).await?;
//! let made = inbox.wait(&workflow).await?;
//! # assert!(done.phase().is_terminal() && made.phase().is_terminal());
//! # Ok(()) });
//! ```
//!
//! # Without async
//!
//! ```
//! # mod stage { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/stage.rs")); }
//! # #[cfg(feature = "blocking")]
//! # stage::beside(|client, _| {
//! # let (request, workflow) = (stage::request(), stage::workflow());
//! let client = civitai_jobs::blocking::Client::new(client)?;
//! let batch = client.run(client.jobs().submit(&request))?;
//! let done = client.run(batch.watch())?;
//!
//! let run = client.run(client.workflows().submit(&workflow))?;
//! let made = client.run(run.watch())?;
//! # assert_eq!((done.files().len(), made.files().len()), (1, 1));
//! # Ok(()) });
//! ```
