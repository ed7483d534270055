//! Training: begun by a GET that changes something, so it is never sent twice for one wish.

use crate::Client;
use crate::generated::support::{Error, ResponseValue};
use crate::types::ModelStatus;
use crate::watch::Training;

impl Client {
    /// Begins to train a model, unless it is being trained or ready already, and returns what watches it.
    ///
    /// The request is sent once. Where its answer is lost, the model itself tells whether it was taken.
    ///
    /// # Errors
    ///
    /// The service refuses: too few or too many pictures, or too many trainings under way. Or nobody knows
    /// whether it was taken, and the model does not say that it is being trained.
    pub async fn train(&self, model_id: &str) -> Result<Training, Error> {
        let training = || {
            use job_waiter::{Handle, Job};
            let handle = Handle::of(vec![model_id.to_owned()]);
            handle.map(|handle| Job::attach(self.http().clone(), handle))
        };
        let has_begun = |model: &ResponseValue<crate::types::Model>| {
            matches!(
                model.status,
                Some(ModelStatus::Training | ModelStatus::Ready)
            )
        };
        let before = self.get_model(model_id).await?;
        if has_begun(&before)
            && let Ok(training) = training()
        {
            return Ok(training);
        }
        match self.train_model(model_id).await {
            Ok(reply) => Ok(reply.training()),
            Err(error) if is_unclear(&error) => {
                match (self.get_model(model_id).await, training()) {
                    (Ok(model), Ok(training)) if has_begun(&model) => Ok(training),
                    _ => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }
}

/// Whether the request may have been taken all the same.
fn is_unclear(error: &Error) -> bool {
    let answered = error
        .status()
        .is_some_and(|status| !status.is_server_error());
    !answered && !error.is_invalid() && !error.is_connect()
}
