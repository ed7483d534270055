//! What calls are for: what failed in words, and where the money is while nothing more is known.

use super::Money;
use crate::ClientKey;

/// What a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    SubmitBatch(ClientKey),
    SubmitWorkflow(ClientKey),
    PollBatch,
    PollWorkflow,
    FindBatch,
    ListJobs,
    ListWorkflows,
    CancelJobs,
    CancelWorkflow,
    TaintJobs,
    ChangeWorkflow,
    PriceWorkflow,
    Coverage,
    Consumption,
    UploadBlob,
    LinkUpload,
    IngestBlob,
    ReadBlob,
    ReadResource,
    ListResources,
    /// Anything that a user of the low-level client does.
    Other,
}

impl Purpose {
    /// Where the money is while nothing more is known of the call.
    pub(super) fn money(self) -> Money {
        match self {
            Self::PollBatch | Self::PollWorkflow | Self::CancelJobs | Self::CancelWorkflow => {
                Money::Spent
            }
            // What may have been accepted in spite of an error becomes `Unsettled`.
            Self::SubmitBatch(_)
            | Self::SubmitWorkflow(_)
            | Self::ListJobs
            | Self::ListWorkflows
            | Self::TaintJobs
            | Self::ChangeWorkflow
            | Self::PriceWorkflow
            | Self::Coverage
            | Self::Consumption
            | Self::UploadBlob
            | Self::LinkUpload
            | Self::IngestBlob
            | Self::ReadBlob
            | Self::ReadResource
            | Self::ListResources => Money::Untouched,
            Self::FindBatch | Self::Other => Money::Unknown,
        }
    }

    /// What has failed, in words.
    pub(super) fn failed(self) -> &'static str {
        match self {
            Self::SubmitBatch(_) => "the job was not accepted",
            Self::SubmitWorkflow(_) => "the workflow was not accepted",
            Self::PollBatch => "the job could not be polled",
            Self::PollWorkflow => "the workflow could not be polled",
            Self::FindBatch => "jobs could not be searched",
            Self::ListJobs => "the jobs could not be read",
            Self::ListWorkflows => "the workflows could not be listed",
            Self::CancelJobs => "the job could not be cancelled",
            Self::CancelWorkflow => "the workflow could not be cancelled",
            Self::TaintJobs => "the results could not be marked as bad",
            Self::ChangeWorkflow => "the workflow could not be changed",
            Self::PriceWorkflow => "the price could not be asked for",
            Self::Coverage => "the coverage could not be read",
            Self::Consumption => "the consumption could not be read",
            Self::UploadBlob => "the file could not be uploaded",
            Self::LinkUpload => "the service gave no link to upload to",
            Self::IngestBlob => "the service could not take the file in",
            Self::ReadBlob => "the blob could not be read",
            Self::ReadResource => "the resource could not be looked up",
            Self::ListResources => "the resources could not be listed",
            Self::Other => "the call failed",
        }
    }

    /// The key of a submission.
    pub(super) fn key(self) -> Option<ClientKey> {
        match self {
            Self::SubmitBatch(key) | Self::SubmitWorkflow(key) => Some(key),
            _ => None,
        }
    }
}
