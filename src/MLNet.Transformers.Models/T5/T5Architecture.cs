using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Heads;
using MLNet.Transformers.Models.Nn;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.T5;

/// <summary>T5's column of the table architecture × head, v1.0 and v1.1 (reference: modeling_t5.py).</summary>
internal sealed class T5Architecture : Architecture<T5Config>
{
    private const string TokenTable = "shared.weight";

    public override string ModelType => T5Config.Type;

    public override string BasePrefix => "transformer";

    public override IReadOnlyList<HeadSpec<T5Config>> Heads { get; } =
    [
        new()
        {
            Kind = HeadKind.None, ClassName = "T5Model", Prefix = "", Pooled = false,
            Create = static (_, _) => new NoHead(),
            Aliases = static _ => Tied(""),
        },
        new()
        {
            Kind = HeadKind.Encoder, ClassName = "T5EncoderModel", Prefix = "", Pooled = false,
            Create = static (_, _) => new NoHead(),
            Absent = ["decoder."], Aliases = static _ => TiedEncoder(""),
        },
        new()
        {
            Kind = HeadKind.SequenceToSequence, ClassName = "T5ForConditionalGeneration", Prefix = "", Pooled = false,
            Create = static (config, placement) => new VocabularyHead(
                "lm_head", config, config.TiedEmbeddings, placement, new() { Scale = config.ScaledOutputs ? 1 / Math.Sqrt(config.HiddenSize) : 1 }),
            Parts = ["lm_head."],
            Aliases = static config => config.TiedEmbeddings ? new Dictionary<string, string>(Tied("")) { ["lm_head.weight"] = TokenTable } : Tied(""),
        },
        new()
        {
            Kind = HeadKind.SequenceClassification, ClassName = "T5ForSequenceClassification", Prefix = "transformer", Pooled = true,
            Create = static (config, placement) => new DeepLabelHead("classification_head.", config, config.ClassifierDropout, placement),
            Parts = ["classification_head."], LabelLayer = "classification_head.out_proj", Aliases = static _ => Tied("transformer."),
        },
        new()
        {
            Kind = HeadKind.TokenClassification, ClassName = "T5ForTokenClassification", Prefix = "transformer", Pooled = false,
            Create = static (config, placement) => LabelHead.OfTokens("classifier", config, config.ClassifierDropout, placement),
            Parts = ["classifier."], LabelLayer = "classifier", Absent = ["transformer.decoder."], Aliases = static _ => TiedEncoder("transformer."),
        },
        new()
        {
            Kind = HeadKind.QuestionAnswering, ClassName = "T5ForQuestionAnswering", Prefix = "", Pooled = false,
            Create = static (config, placement) => LabelHead.OfSpan(config, placement),
            Parts = ["qa_outputs."], Aliases = static _ => Tied(""),
        },
    ];

    // The first release gave attention to the source a table of relative positions, which nothing reads.
    public override CheckpointNames Names { get; } =
        new(Renames: [], Ignored: [@"(^|\.)decoder\.block\.0\.layer\.1\.EncDecAttention\.relative_attention_bias\."]);

    protected override ModelConfig Defaults => new T5Config();

    // Since its version 5 the reference writes tie_word_embeddings true whatever the network is: the head is tied unless the checkpoint has one that differs.
    public override ModelConfig Complete(ModelConfig config, ITensorSource source)
    {
        string? table = source.Names.Where(IsTokenTable).OrderBy(name => name.Length).FirstOrDefault();
        return table is null ? config : (T5Config)config with { TiedEmbeddings = !source.Names.Contains("lm_head.weight") || Equal(source, "lm_head.weight", table) };
    }

    // modeling_t5.py, _init_weights: the attention's missing 1/√width is in its queries.
    protected override FreshWeights Fresh(string name, T5Config config)
    {
        double variance = name.Split('.') switch
        {
            [.., "shared" or "lm_head" or "classifier", _] => 1,
            [.., "q", _] => 1.0 / config.HiddenSize / config.HeadSize,
            [.., "o", _] => 1.0 / config.InnerSize,
            [.., "wo", _] => 1.0 / config.IntermediateSize,
            _ => 1.0 / config.HiddenSize,
        };
        return new FreshWeights(config.InitializerRange * Math.Sqrt(variance)) { Scale = config.InitializerRange };
    }

    protected override Backbone CreateBackbone(T5Config config, HeadSpec head, Placement placement) =>
        head.Kind is HeadKind.Encoder or HeadKind.TokenClassification ? new T5EncoderBackbone(config, placement) : new T5Backbone(config, head.Pooled, placement);

    private static Dictionary<string, string> TiedEncoder(string prefix) => new() { [prefix + "encoder.embed_tokens.weight"] = prefix + TokenTable };

    private static Dictionary<string, string> Tied(string prefix) => new(TiedEncoder(prefix)) { [prefix + "decoder.embed_tokens.weight"] = prefix + TokenTable };

    private static bool IsTokenTable(string name) => name is TokenTable or "encoder.embed_tokens.weight" or "decoder.embed_tokens.weight";

    private static bool Equal(ITensorSource source, string name, string other)
    {
        long[] shape = source[name].Shape;
        if (!shape.AsSpan().SequenceEqual(source[other].Shape))
        {
            return false;
        }
        using Tensor first = empty(shape, ScalarType.Float32), second = empty(shape, ScalarType.Float32);
        source.CopyTo(name, first);
        source.CopyTo(other, second);
        return first.Equals(second);
    }
}
