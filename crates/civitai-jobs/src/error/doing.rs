//! What calls are for: what failed in words, and where the money is while nothing more is known.

use super::Money;
use crate::ClientKey;

/// What a call was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    Submitting(ClientKey),
    Looking,
    Finding,
    Cancelling,
    Querying,
    Tainting,
    Covering,
    Accounting,
    SubmittingWorkflow(ClientKey),
    Previewing,
    LookingAtWorkflow,
    Listing,
    Changing,
    Uploading,
    LinkingUpload,
    Ingesting,
    ReadingBlob,
    ReadingResource,
    ListingResources,
    /// Anything that a user of the low-level client does.
    Other,
}

impl Doing {
    /// Where the money is while nothing more is known of the call.
    pub(super) fn money(self) -> Money {
        match self {
            Self::Looking | Self::LookingAtWorkflow | Self::Cancelling => Money::Spent,
            Self::Querying
            | Self::Tainting
            | Self::Covering
            | Self::Accounting
            | Self::Previewing
            | Self::Listing
            | Self::Changing
            | Self::Uploading
            | Self::LinkingUpload
            | Self::Ingesting
            | Self::ListingResources
            | Self::ReadingBlob
            | Self::ReadingResource => Money::Untouched,
            Self::Submitting(_) | Self::SubmittingWorkflow(_) | Self::Finding | Self::Other => {
                Money::Unknown
            }
        }
    }

    /// What has failed, in words.
    pub(super) fn failed(self) -> &'static str {
        match self {
            Self::Submitting(_) => "the job was not accepted",
            Self::Looking => "the job could not be looked at",
            Self::Finding => "jobs could not be searched",
            Self::Cancelling => "the job could not be cancelled",
            Self::Querying => "the jobs could not be read",
            Self::Tainting => "the results could not be marked as bad",
            Self::Covering => "the coverage could not be read",
            Self::Accounting => "the consumption could not be read",
            Self::SubmittingWorkflow(_) => "the workflow was not accepted",
            Self::Previewing => "the price could not be asked for",
            Self::LookingAtWorkflow => "the workflow could not be read",
            Self::Listing => "the workflows could not be listed",
            Self::Changing => "the workflow could not be changed",
            Self::Uploading => "the file could not be uploaded",
            Self::LinkingUpload => "no link to upload to could be had",
            Self::Ingesting => "the service could not take the file in",
            Self::ListingResources => "the resources could not be listed",
            Self::ReadingBlob => "the blob could not be read",
            Self::ReadingResource => "the resource could not be looked up",
            Self::Other => "the call failed",
        }
    }
}
