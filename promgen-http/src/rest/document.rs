//! The frame of the `OpenAPI` document, and what all its operations share.

use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Components, InfoBuilder, OpenApi, OpenApiBuilder, SecurityRequirement};

/// Title, version, and how to say who one is.
pub(super) fn frame() -> OpenApi {
    let mut components = Components::new();
    let header = ApiKeyValue::with_description(
        "Authorization",
        "`Token` and a blank, then the token: `promgen token create` makes one",
    );
    let scheme = SecurityScheme::ApiKey(ApiKey::Header(header));
    components.add_security_scheme("token", scheme);
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Promgen")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "What Prometheus scrapes and alerts on, and who hears about it.",
                )),
        )
        .components(Some(components))
        .security(Some([SecurityRequirement::new("token", [""; 0])]))
        .build()
}
