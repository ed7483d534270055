//! A service that answers with any body.

use civitai_api::v2::Client;
use civitai_api::v2::operations::GetWorkflowOptions;
use civitai_api::v2::types::Workflow;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// A service that says what it is told to, and a client of it.
pub(crate) struct Service {
    server: MockServer,
    client: Client,
}

impl Service {
    pub(crate) async fn start() -> Self {
        let server = MockServer::start().await;
        let http = civitai_api::Http::builder(server.uri()).build().unwrap();
        let client = Client::new(http);
        Self { server, client }
    }

    pub(crate) async fn ask(&self, body: Vec<u8>) -> Result<Workflow, civitai_api::Error> {
        self.server.reset().await;
        let answer = ResponseTemplate::new(200).set_body_raw(body, "application/json");
        let mock = Mock::given(any()).respond_with(answer);
        mock.mount(&self.server).await;
        let options = GetWorkflowOptions::default();
        let reply = self.client.get_workflow("an-id", &options).await?;
        Ok(reply.into_inner())
    }
}
