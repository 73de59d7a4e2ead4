using System.Text.RegularExpressions;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Heads;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Bart;

/// <summary>BART's columns of the table architecture × head (reference: modeling_bart.py): as published, and with an encoder before its own (Lewis et al. 2020, §3.4).</summary>
internal sealed class BartArchitecture : Architecture<BartConfig>
{
    /// <summary>Where the encoder before BART's stands in the backbone.</summary>
    public const string SourceEncoder = "source_encoder";

    private static readonly HeadSpec<BartConfig> _writing = new()
    {
        Kind = HeadKind.SequenceToSequence, ClassName = "BartForConditionalGeneration", Prefix = "model", Pooled = false,
        Create = static (config, placement) =>
            new VocabularyHead("lm_head", config, config.TiedEmbeddings, placement, new() { FixedBiasName = "final_logits_bias" }),
        Parts = ["lm_head.", "final_logits_bias"], Aliases = static config => Tied(config, "model.", head: true),
    };

    private BartArchitecture(BartConfig defaults, IReadOnlyList<HeadSpec<BartConfig>> heads) => (Defaults, Heads) = (defaults, heads);

    /// <summary>BART.</summary>
    public static BartArchitecture Published { get; } = new(new BartConfig(),
    [
        new()
        {
            Kind = HeadKind.None, ClassName = "BartModel", Prefix = "", Pooled = false,
            Create = static (_, _) => new NoHead(),
            Aliases = static config => Tied(config, "", head: false),
        },
        _writing,
        new()
        {
            Kind = HeadKind.SequenceClassification, ClassName = "BartForSequenceClassification", Prefix = "model", Pooled = true,
            Create = static (config, placement) => new DeepLabelHead("classification_head.", config, config.ClassifierDropout, placement),
            Parts = ["classification_head."], LabelLayer = "classification_head.out_proj", Aliases = static config => Tied(config, "model.", head: false),
        },
        new()
        {
            // The reference has no such class: BART §3.2.
            Kind = HeadKind.TokenClassification, ClassName = "BartForTokenClassification", Prefix = "model", Pooled = false,
            Create = static (config, placement) => LabelHead.OfTokens("classifier", config, config.ClassifierDropout, placement),
            Parts = ["classifier."], LabelLayer = "classifier", Aliases = static config => Tied(config, "model.", head: false),
        },
        new()
        {
            Kind = HeadKind.QuestionAnswering, ClassName = "BartForQuestionAnswering", Prefix = "model", Pooled = false,
            Create = static (config, placement) => LabelHead.OfSpan(config, placement),
            Parts = ["qa_outputs."], Aliases = static config => Tied(config, "model.", head: false),
        },
    ]);

    /// <summary>BART that reads another language: its class is this library's own.</summary>
    public static BartArchitecture Translation { get; } = new(
        new BartConfig { SourceEncoder = new BertConfig() }, [_writing with { ClassName = "BartForTranslation", Absent = ["model.encoder.embed_tokens."] }]);

    public override string ModelType => Defaults.ModelType;

    public override string BasePrefix => "model";

    public override IReadOnlyList<HeadSpec<BartConfig>> Heads { get; }

    // version: a counter of fairseq's that the first checkpoints hold. shared: a table that nothing reads where encoder and decoder have their own.
    public override CheckpointNames Names { get; } = new(Renames: [], Ignored: [@"(^|\.)(encoder|decoder)\.version$", @"(^|\.)shared\.weight$"]);

    protected override int DefaultLabels => 3;

    protected override ModelConfig Defaults { get; }

    // Until version 5 the reference kept one table for both halves even where the output was not tied to it.
    public override IEnumerable<string> FallbackNames(string name)
    {
        string shared = Regex.Replace(name, @"(en|de)coder\.embed_tokens\.weight$", "shared.weight");
        return shared == name ? [] : [shared];
    }

    protected override FreshWeights Fresh(string name, BartConfig config) =>
        new(name.Contains($"{SourceEncoder}.", StringComparison.Ordinal) ? config.SourceEncoder!.InitializerRange : config.InitializerRange);

    protected override Backbone CreateBackbone(BartConfig config, HeadSpec head, Placement placement) => new BartBackbone(config, head.Pooled, placement);

    private static Dictionary<string, string> Tied(BartConfig config, string prefix, bool head)
    {
        var aliases = new Dictionary<string, string>();
        if (config.TiedEmbeddings)
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
