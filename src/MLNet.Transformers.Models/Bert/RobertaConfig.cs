namespace MLNet.Transformers.Models.Bert;

/// <summary>The config.json of RoBERTa and XLM-RoBERTa, BERT's with other defaults (reference: configuration_roberta.py, configuration_xlm_roberta.py).</summary>
public sealed record RobertaConfig : BertConfig
{
    internal const string EnglishType = "roberta";
    internal const string MultilingualType = "xlm-roberta";

    /// <summary>Creates the config of roberta-base as the reference's defaults have it: 50265 token ids, padding with id 1.</summary>
    public RobertaConfig() => (VocabularySize, PaddingId) = (50265, 1);

    /// <inheritdoc/>
    public override string ModelType => Name;

    /// <inheritdoc/>
    /// <remarks>The rows of the position embedding up to padding's are no token's.</remarks>
    public override int? MaxTokens => MaxPositions - PaddingId - 1;

    internal override int? PositionPadding => PaddingId;

    internal string Name { get; init; } = EnglishType;
}
