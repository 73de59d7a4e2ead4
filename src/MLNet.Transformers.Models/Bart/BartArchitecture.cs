using System.Text.RegularExpressions;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Heads;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Bart;

/// <summary>BART's column of the table architecture × head (reference: modeling_bart.py).</summary>
internal sealed class BartArchitecture : Architecture<BartConfig>
{
    private const string Sequence = "classification_head.";
    private const string Token = "classifier.";
    private const string Span = "qa_outputs.";
    private const string Output = "lm_head.";
    private const string Bias = "final_logits_bias";

    // A table that nothing reads where encoder and decoder have their own.
    private const string Shared = "shared.";

    public override string ModelType => BartConfig.Type;

    public override string BasePrefix => "model";

    public override IReadOnlyList<HeadSpec> Heads { get; } =
    [
        new()
        {
            Kind = HeadKind.None, ClassName = "BartModel", Prefix = "", Pooled = false,
            Create = static (_, _) => new NoHead(),
            LeavesAside = [Sequence, Token, Span, Output, Bias, Shared], Aliases = static config => Tied(config, "", head: false),
        },
        new()
        {
            Kind = HeadKind.SequenceToSequence, ClassName = "BartForConditionalGeneration", Prefix = "model", Pooled = false,
            Create = static (config, placement) => new BartLanguageModel((BartConfig)config, placement),
            MayAdd = [Output], LeavesAside = [Sequence, Token, Span, $"model.{Shared}"], Aliases = static config => Tied(config, "model.", head: true),
        },
        new()
        {
            Kind = HeadKind.SequenceClassification, ClassName = "BartForSequenceClassification", Prefix = "model", Pooled = true,
            Create = static (config, placement) => new SequenceClassifier(config, ((BartConfig)config).ClassifierDropout, placement),
            LabelRows = ["classification_head.out_proj.weight", "classification_head.out_proj.bias"], MayAdd = [Sequence],
            LeavesAside = [Token, Span, Output, Bias, $"model.{Shared}"], Aliases = static config => Tied(config, "model.", head: false),
        },
        new()
        {
            // The reference has no such class: BART §3.2.
            Kind = HeadKind.TokenClassification, ClassName = "BartForTokenClassification", Prefix = "model", Pooled = false,
            Create = static (config, placement) => new TokenClassifier(config, ((BartConfig)config).ClassifierDropout, placement),
            LabelRows = ["classifier.weight", "classifier.bias"], MayAdd = [Token],
            LeavesAside = [Sequence, Span, Output, Bias, $"model.{Shared}"], Aliases = static config => Tied(config, "model.", head: false),
        },
        new()
        {
            Kind = HeadKind.QuestionAnswering, ClassName = "BartForQuestionAnswering", Prefix = "model", Pooled = false,
            Create = static (config, placement) => new SpanHead(config, placement),
            MayAdd = [Span], LeavesAside = [Sequence, Token, Output, Bias, $"model.{Shared}"], Aliases = static config => Tied(config, "model.", head: false),
        },
    ];

    // version: a counter of fairseq's that the first checkpoints hold.
    public override CheckpointNames Names { get; } = new(Renames: [], Buffers: [@"(^|\.)(encoder|decoder)\.version$"]);

    protected override int DefaultLabels => 3;

    protected override ModelConfig Read(ConfigJson json) => BartConfig.Read(json);

    // Until version 5 the reference kept one table for both halves even where the output was not tied to it.
    public override IEnumerable<string> StandIns(string name)
    {
        string shared = Regex.Replace(name, @"(en|de)coder\.embed_tokens\.weight$", "shared.weight");
        return shared == name ? [] : [shared];
    }

    protected override Backbone CreateBackbone(BartConfig config, HeadSpec head, Placement placement) => new BartBackbone(config, head.Pooled, placement);

    private static Dictionary<string, string> Tied(ModelConfig config, string prefix, bool head)
    {
        var aliases = new Dictionary<string, string>();
        if (((BartConfig)config).TiedEmbeddings)
        {
            string shared = $"{prefix}shared.weight";
            aliases[$"{prefix}encoder.embed_tokens.weight"] = shared;
            aliases[$"{prefix}decoder.embed_tokens.weight"] = shared;
            if (head)
            {
                aliases["lm_head.weight"] = shared;
            }
        }
        return aliases;
    }
}
