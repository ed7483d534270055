//! The request as it goes over the wire.

use civitai_api::v1::types::{ImageJobParams, JobRequest, TextToImageJobRequest};

use super::{Network, Priority, TextToImage};
use crate::{FieldProblems, time_span};

/// Checks the request and gives it as the typed low-level one, to be submitted among others.
impl TryFrom<&TextToImage> for JobRequest {
    type Error = FieldProblems;

    fn try_from(request: &TextToImage) -> Result<Self, FieldProblems> {
        request.check()?;
        Ok(request.job())
    }
}

impl TextToImage {
    /// The typed low-level request, which tells the truth only once the check is passed.
    pub(crate) fn job(&self) -> JobRequest {
        let parts = &*self.0;
        let settings = &parts.settings;
        // The check refuses what is larger.
        let int = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
        let params = ImageJobParams {
            prompt: Some(parts.prompt.clone()),
            negative_prompt: parts.negative_prompt.clone(),
            scheduler: parts.scheduler.clone(),
            steps: parts.steps.map(int),
            cfg_scale: parts.cfg_scale,
            width: int(parts.width),
            height: int(parts.height),
            seed: parts.seed,
            clip_skip: parts.clip_skip,
            ..Default::default()
        };
        let named = |network: &Network| (network.air.to_string(), network.params());
        let networks = given(parts.networks.iter().map(named));
        let nets = parts.control_nets.iter().map(|net| net.params().clone());
        JobRequest::TextToImage(Box::new(TextToImageJobRequest {
            additional_networks: networks,
            callback_url: settings.callback_url.clone(),
            control_nets: given(nets),
            dependencies: given(settings.dependencies.iter().cloned()),
            expire_at: settings.expire_at,
            model: Some(parts.model.to_string()),
            name: settings.name.clone(),
            params: Some(params),
            priority: settings.priority.map(Priority::into_contract),
            properties: given(settings.properties.clone()),
            providers: given(settings.providers.iter().cloned()),
            quantity: Some(int(parts.quantity)),
            retries: settings.retries.map(int),
            timeout: settings.timeout.map(time_span::text),
            ..Default::default()
        }))
    }
}

/// What is empty is left out.
fn given<T, C: FromIterator<T>>(items: impl IntoIterator<Item = T>) -> Option<C> {
    let mut items = items.into_iter().peekable();
    items.peek().is_some().then(|| items.collect())
}
