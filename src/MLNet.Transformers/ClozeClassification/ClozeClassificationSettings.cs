using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.ClozeClassification;

/// <summary>What a fitted transformer keeps of the options.</summary>
/// <param name="Columns">The text columns.</param>
/// <param name="Form">Pattern and verbalizers.</param>
/// <param name="PredictedLabelColumnName">Column of the class.</param>
/// <param name="ScoreColumnName">Column of the probabilities.</param>
/// <param name="MaxTokens">Most tokens of a text in its pattern.</param>
/// <param name="BatchSize">Texts of a batch.</param>
/// <param name="Precision">Number format.</param>
internal sealed record ClozeClassificationSettings(
    TextColumns Columns, ClozeForm Form, string PredictedLabelColumnName, string ScoreColumnName, int MaxTokens, int BatchSize, Precision Precision)
    : PredictionSettings(MaxTokens, BatchSize, Precision)
{
    public override string Owner => nameof(ClozeClassificationTransformer);

    /// <exception cref="ArgumentException">Pattern and verbalizers leave no room, or more tokens are asked for than the network has positions.</exception>
    public static ClozeClassificationSettings Of(
        Checkpoint checkpoint, HeadSpec head, TextColumns columns, ClozeForm form, string predictedLabel, string score, TextOptions options)
    {
        var settings = new ClozeClassificationSettings(
            columns, form, predictedLabel, score, RowTokenizer.Limit(checkpoint, options.MaxTokens), options.BatchSize, options.Precision);
        return form.Choices.Count == 0 ? settings : settings.Fitted(checkpoint, head);
    }

    /// <summary>The same for the values of a key, in their order.</summary>
    public ClozeClassificationSettings WithLabels(Checkpoint checkpoint, HeadSpec head, IReadOnlyList<string> labels, string column)
    {
        var ordered = this with { Form = Form.InOrder(labels, column) };
        return Form.Choices.Count == 0 ? ordered.Fitted(checkpoint, head) : ordered;
    }

    /// <summary>From texts to what the network reads of them.</summary>
    public SourceEncoder Encoder(TextEncoder tokenizer, ModelConfig config, HeadSpec head) =>
        new(tokenizer, config, Form, head.Blank, tokenizer.BeginTokenId ?? tokenizer.EndTokenId ?? tokenizer.SeparatorTokenId ?? 0, MaxTokens);

    /// <summary>The columns of a prediction.</summary>
    /// <param name="classes">Number of classes; not known before there is data.</param>
    /// <param name="keys">What the classes are; null: only numbered, or not known yet.</param>
    public IReadOnlyList<OutputColumn<ClozeAnswer>> Outputs(int classes = 0, KeyValues? keys = null) =>
    [
        new KeyColumn<ClozeAnswer>(PredictedLabelColumnName, classes, keys, static answer => answer.Class),
        new ScoresColumn<ClozeAnswer>(ScoreColumnName, classes, keys, static answer => answer.Probabilities),
    ];

    // Where a text and its verbalizer stand in one sequence, they share its tokens.
    private ClozeClassificationSettings Fitted(Checkpoint checkpoint, HeadSpec head)
    {
        int longest = new ClozeScorer(head, checkpoint.Tokenizer, checkpoint.Config, Form).Choices.Max(choice => choice.Length);
        ClozeClassificationSettings fitted = head.Kind == HeadKind.CausalLanguageModel ? this with { MaxTokens = MaxTokens - longest } : this;
        fitted.Encoder(checkpoint.Tokenizer, checkpoint.Config, head);
        return fitted;
    }
}
