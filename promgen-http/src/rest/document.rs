//! The frame of the `OpenAPI` document, and what all its operations share.

use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, PathItem,
    RefOr, ResponseBuilder, SecurityRequirement,
};

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

/// The document with what every operation may answer besides its own: an error, whose fields are
/// those that are wrong, or `detail`.
pub(super) fn whole(mut document: OpenApi) -> OpenApi {
    let error = ObjectBuilder::new().description(Some(
        "`detail`, or the names of the fields that are wrong with what is wrong with them",
    ));
    let content = ContentBuilder::new().schema(Some(error)).build();
    let response = ResponseBuilder::new()
        .description("refused, or not possible at the moment")
        .content("application/json", content)
        .build();
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            let responses = &mut operation.responses.responses;
            responses
                .entry("default".to_owned())
                .or_insert_with(|| RefOr::T(response.clone()));
        }
    }
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut item.get,
        &mut item.post,
        &mut item.put,
        &mut item.patch,
        &mut item.delete,
    ]
    .into_iter()
    .flatten()
}
