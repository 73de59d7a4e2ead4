using MLNet.Transformers.Interop;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.Text;

namespace MLNet.Transformers.BlankFilling;

/// <summary>What a fitted transformer keeps of the options.</summary>
internal sealed record MaskedLanguageModelSettings(TextColumns Columns, int MaxTokens, int BatchSize, Precision Precision)
    : PredictionSettings(MaxTokens, BatchSize, Precision)
{
    public required string PredictedTextColumnName { get; init; }

    public required string FillingsColumnName { get; init; }

    public required string ScoreColumnName { get; init; }

    public required string? BlankText { get; init; }

    public required int TopK { get; init; }

    /// <summary>How the network writes; null: it gives scores.</summary>
    public required SequenceToSequenceSettings? Writing { get; init; }

    public override string Owner => nameof(MaskedLanguageModelTransformer);

    /// <summary>The columns of a prediction.</summary>
    public IReadOnlyList<OutputColumn<BlankAnswer>> Outputs() =>
    [
        PlainColumns.Text<BlankAnswer>(PredictedTextColumnName, static answer => answer.Text),
        PlainColumns.Texts<BlankAnswer>(FillingsColumnName, static answer => answer.Fillings),
        PlainColumns.Singles<BlankAnswer>(ScoreColumnName, static answer => answer.Scores),
    ];
}
