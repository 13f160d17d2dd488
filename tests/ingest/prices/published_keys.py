"""Keys of price sources, as they publish them.

LiteLLM: the schema that its own tests hold the price map to (``INTENDED_SCHEMA`` in
``tests/test_litellm/test_utils.py`` of its repository), and the keys of a deployment's ``model_info``
(``CustomPricingLiteLLMParams`` in ``litellm/types/utils.py``), as of September
2026; and the keys of the price map in its release 1.110.2 of November 2026.
OpenRouter: ``PublicPricing`` and ``PricingOverride`` of its API reference, as of November 2026.
"""

from __future__ import annotations

from routecost.ingest.prices.sources.decisions import words

LITELLM_PRICES = frozenset(
    words(
        """
        annotation_cost_per_page annotation_cost_per_page_batches cache_creation_input_audio_token_cost
        cache_creation_input_token_cost cache_creation_input_token_cost_above_100k_tokens
        cache_creation_input_token_cost_above_100k_tokens_batches
        cache_creation_input_token_cost_above_128k_tokens cache_creation_input_token_cost_above_12hr
        cache_creation_input_token_cost_above_12hr_above_272k_tokens
        cache_creation_input_token_cost_above_12hr_above_272k_tokens_batches
        cache_creation_input_token_cost_above_12hr_above_272k_tokens_flex
        cache_creation_input_token_cost_above_12hr_above_272k_tokens_priority
        cache_creation_input_token_cost_above_12hr_above_272k_tokens_ultrafast
        cache_creation_input_token_cost_above_12hr_batches cache_creation_input_token_cost_above_12hr_flex
        cache_creation_input_token_cost_above_12hr_priority
        cache_creation_input_token_cost_above_12hr_ultrafast cache_creation_input_token_cost_above_1hr
        cache_creation_input_token_cost_above_1hr_above_100k_tokens
        cache_creation_input_token_cost_above_1hr_above_200k_tokens
        cache_creation_input_token_cost_above_200k_tokens cache_creation_input_token_cost_above_256k_tokens
        cache_creation_input_token_cost_above_272k_tokens
        cache_creation_input_token_cost_above_272k_tokens_batches
        cache_creation_input_token_cost_above_272k_tokens_decisions
        cache_creation_input_token_cost_above_272k_tokens_flex
        cache_creation_input_token_cost_above_272k_tokens_priority
        cache_creation_input_token_cost_above_272k_tokens_ultrafast
        cache_creation_input_token_cost_above_32k_tokens cache_creation_input_token_cost_batches
        cache_creation_input_token_cost_decisions cache_creation_input_token_cost_flex
        cache_creation_input_token_cost_priority cache_creation_input_token_cost_ultrafast
        cache_read_input_audio_token_cost cache_read_input_audio_token_cost_batches
        cache_read_input_audio_token_cost_flex cache_read_input_audio_token_cost_priority
        cache_read_input_image_token_cost cache_read_input_token_cost
        cache_read_input_token_cost_above_100k_tokens cache_read_input_token_cost_above_100k_tokens_batches
        cache_read_input_token_cost_above_128k_tokens cache_read_input_token_cost_above_200k_tokens
        cache_read_input_token_cost_above_200k_tokens_batches
        cache_read_input_token_cost_above_200k_tokens_flex
        cache_read_input_token_cost_above_200k_tokens_priority
        cache_read_input_token_cost_above_256k_tokens cache_read_input_token_cost_above_272k_tokens
        cache_read_input_token_cost_above_272k_tokens_batches
        cache_read_input_token_cost_above_272k_tokens_decisions
        cache_read_input_token_cost_above_272k_tokens_flex
        cache_read_input_token_cost_above_272k_tokens_priority
        cache_read_input_token_cost_above_272k_tokens_ultrafast
        cache_read_input_token_cost_above_32k_tokens cache_read_input_token_cost_above_512k_tokens
        cache_read_input_token_cost_balanced cache_read_input_token_cost_batches
        cache_read_input_token_cost_decisions cache_read_input_token_cost_flex
        cache_read_input_token_cost_priority cache_read_input_token_cost_ultrafast citation_cost_per_token
        code_interpreter_cost_per_session computer_use_input_cost_per_1k_tokens
        computer_use_output_cost_per_1k_tokens cost_per_ptu_per_hour cost_per_second
        explicit_cache_read_input_token_cost fedramp_uplift_multiplier file_search_cost_per_1k_calls
        file_search_cost_per_gb_per_day google_maps_grounding_cost_per_query guardrail_cost_per_unit
        input_cost_per_audio_per_second input_cost_per_audio_per_second_above_128k_tokens
        input_cost_per_audio_token input_cost_per_audio_token_above_200k_tokens
        input_cost_per_audio_token_above_200k_tokens_batches
        input_cost_per_audio_token_above_200k_tokens_flex
        input_cost_per_audio_token_above_200k_tokens_priority input_cost_per_audio_token_batches
        input_cost_per_audio_token_flex input_cost_per_audio_token_priority input_cost_per_character
        input_cost_per_character_above_128k_tokens input_cost_per_image
        input_cost_per_image_above_128k_tokens input_cost_per_image_token
        input_cost_per_image_token_batches input_cost_per_pixel input_cost_per_query input_cost_per_request
        input_cost_per_second input_cost_per_text_message input_cost_per_token
        input_cost_per_token_above_100k_tokens input_cost_per_token_above_100k_tokens_batches
        input_cost_per_token_above_128k_tokens input_cost_per_token_above_200k_tokens
        input_cost_per_token_above_200k_tokens_batches input_cost_per_token_above_200k_tokens_flex
        input_cost_per_token_above_200k_tokens_priority input_cost_per_token_above_256k_tokens
        input_cost_per_token_above_272k_tokens input_cost_per_token_above_272k_tokens_batches
        input_cost_per_token_above_272k_tokens_decisions input_cost_per_token_above_272k_tokens_flex
        input_cost_per_token_above_272k_tokens_priority input_cost_per_token_above_272k_tokens_ultrafast
        input_cost_per_token_above_32k_tokens input_cost_per_token_above_512k_tokens
        input_cost_per_token_balanced input_cost_per_token_batches input_cost_per_token_cache_hit
        input_cost_per_token_decisions input_cost_per_token_flex input_cost_per_token_priority
        input_cost_per_token_ultrafast input_cost_per_video_per_second
        input_cost_per_video_per_second_above_128k_tokens
        input_cost_per_video_per_second_above_15s_interval
        input_cost_per_video_per_second_above_8s_interval input_cost_per_video_token
        input_cost_per_video_token_batches input_dbu_cost_per_token ocr_cost_per_credit ocr_cost_per_page
        ocr_cost_per_page_batches off_peak_pricing output_cost_per_audio_per_second
        output_cost_per_audio_token output_cost_per_character output_cost_per_character_above_128k_tokens
        output_cost_per_image output_cost_per_image_0.5K output_cost_per_image_1024
        output_cost_per_image_1536 output_cost_per_image_1K output_cost_per_image_2K
        output_cost_per_image_4K output_cost_per_image_512 output_cost_per_image_token
        output_cost_per_image_token_batches output_cost_per_image_token_priority output_cost_per_pixel
        output_cost_per_reasoning_token output_cost_per_reasoning_token_flex
        output_cost_per_reasoning_token_priority output_cost_per_second output_cost_per_second_1080p
        output_cost_per_second_2k output_cost_per_second_480p output_cost_per_second_4k
        output_cost_per_second_720p output_cost_per_second_768p output_cost_per_token
        output_cost_per_token_above_100k_tokens output_cost_per_token_above_100k_tokens_batches
        output_cost_per_token_above_128k_tokens output_cost_per_token_above_200k_tokens
        output_cost_per_token_above_200k_tokens_batches output_cost_per_token_above_200k_tokens_flex
        output_cost_per_token_above_200k_tokens_priority output_cost_per_token_above_256k_tokens
        output_cost_per_token_above_272k_tokens output_cost_per_token_above_272k_tokens_batches
        output_cost_per_token_above_272k_tokens_decisions output_cost_per_token_above_272k_tokens_flex
        output_cost_per_token_above_272k_tokens_priority output_cost_per_token_above_272k_tokens_ultrafast
        output_cost_per_token_above_32k_tokens output_cost_per_token_above_512k_tokens
        output_cost_per_token_balanced output_cost_per_token_batches output_cost_per_token_decisions
        output_cost_per_token_flex output_cost_per_token_priority output_cost_per_token_ultrafast
        output_cost_per_video_per_second output_cost_per_video_token output_db_cost_per_token
        output_dbu_cost_per_token provider_specific_entry regional_endpoint_uplift_multiplier
        regional_processing_uplift_multiplier_eu regional_processing_uplift_multiplier_us
        search_context_cost_per_query search_free_requests tiered_pricing vector_store_cost_per_gb_per_day
        """
    )
)
"""The keys of LiteLLM that hold prices, or factors of prices."""

LITELLM_OTHERS = frozenset(
    words(
        """
        alias_of audio_transcription_config bedrock_converse_supports_strict_tools
        bedrock_output_config_effort_ceiling comment default_reasoning_effort deprecation_date
        deprecation_source gemini_audio_only_live gemini_native_audio inference_geo key litellm_provider
        max_input_tokens max_output_tokens max_tokens metadata mode output_vector_size
        prompt_cache_min_tokens ptu_count ptu_effective_from ptu_effective_to reasoning_contexts
        reasoning_effort_levels reasoning_modes rpd rpm source successor_model supported_audio_formats
        supported_endpoints supported_modalities supported_openai_params supported_output_modalities
        supported_regions supports_adaptive_thinking supports_anthropic_compaction
        supports_anthropic_thinking_payload supports_assistant_prefill supports_audio_input
        supports_audio_output supports_bedrock_converse_tool_result_images
        supports_bedrock_native_structured_output supports_bedrock_native_structured_output_by_default
        supports_bedrock_runtime_chat_completions_inline_reasoning
        supports_bedrock_runtime_chat_completions_response_format
        supports_bedrock_runtime_chat_completions_tools_with_reasoning supports_box_questions
        supports_computer_use supports_continuation supports_embedding_image_input supports_fast_mode
        supports_forced_tool_use supports_function_calling supports_image_input supports_image_size
        supports_legacy_thinking supports_low_reasoning_effort supports_max_reasoning_effort
        supports_mid_conversation_system supports_minimal_reasoning_effort supports_multimodal
        supports_native_streaming supports_native_structured_output supports_none_reasoning_effort
        supports_nova_canvas_image_edit supports_output_config supports_parallel_function_calling
        supports_parallel_tool_use_config supports_pdf_input supports_prompt_cache_breakpoint
        supports_prompt_caching supports_reasoning supports_regex_lookaround supports_response_schema
        supports_sampling_params supports_speed supports_system_messages
        supports_thinking_cache_preservation supports_tool_choice supports_tool_search supports_url_context
        supports_video_input supports_vision supports_web_search supports_xhigh_reasoning_effort
        thinking_always_on thinking_on_by_default token_count_framing token_count_model
        token_count_responses_framing token_count_responses_tool_framing token_count_tokenizer
        token_count_tool_framing tpm use_openai_responses_path uses_embed_content vertex_ai_audio_api
        web_search_billing_unit
        """
    )
)
"""The keys of LiteLLM that hold no price."""

OPENROUTER_PRICES = frozenset(
    words(
        """
        audio audio_output completion discount image image_output image_token input_audio_cache
        input_cache_read input_cache_write input_cache_write_1h internal_reasoning overrides prompt
        request web_search
        """
    )
)
OPENROUTER_OVERRIDES = OPENROUTER_PRICES - {"overrides", "discount"} | {
    "min_prompt_tokens",
    "utc_start",
    "utc_end",
    "utc_days",
}
