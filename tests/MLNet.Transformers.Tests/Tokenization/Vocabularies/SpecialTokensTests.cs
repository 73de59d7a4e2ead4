using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bart;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Glm.Glm2022;
using MLNet.Transformers.Models.Llama;
using MLNet.Transformers.Models.T5;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Pretraining;
using MLNet.Transformers.Tests.SequenceClassification;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Tokenization.Vocabularies;

public class SpecialTokensTests
{
    private static readonly string[] _texts = [.. SampleNetworks.Positive, .. SampleNetworks.Negative];

    public static TheoryData<string> Networks => [.. Begun.Keys];

    /// <summary>The one way to begin a checkpoint of each architecture, with ids that its config has by default.</summary>
    private static Dictionary<string, Func<(TextEncoder Tokenizer, ModelConfig Config, PretrainingObjective Objective)>> Begun { get; } = new()
    {
        ["bert"] = () =>
        {
            TextEncoder tokenizer = WordPieceTrainer.Train(_texts, 120);
            return (tokenizer, new BertConfig { VocabularySize = tokenizer.VocabularySize, HiddenSize = 16, Layers = 1, Heads = 2, IntermediateSize = 32, MaxPositions = 24 }, new MaskedLanguageModelObjective());
        },
        ["bart"] = () =>
        {
            TextEncoder tokenizer = ByteLevelBpeTrainer.Train(_texts, 300);
            return (tokenizer, new BartConfig
            {
                VocabularySize = tokenizer.VocabularySize, HiddenSize = 16, EncoderLayers = 1, DecoderLayers = 1, EncoderHeads = 2, DecoderHeads = 2,
                EncoderIntermediateSize = 32, DecoderIntermediateSize = 32, MaxPositions = 24,
            }, new DenoisingObjective());
        },
        ["t5"] = () =>
        {
            TextEncoder tokenizer = UnigramTrainer.Train(_texts, 180);
            return (tokenizer, new T5Config { VocabularySize = tokenizer.VocabularySize, HiddenSize = 16, HeadSize = 8, IntermediateSize = 32, Layers = 1, Heads = 2, StartId = tokenizer.PadTokenId }, new SpanCorruptionObjective());
        },
        ["llama"] = () =>
        {
            TextEncoder tokenizer = ByteLevelBpeTrainer.Train(_texts, 300, new() { SpecialTokens = SpecialTokens.Llama });
            return (tokenizer, new LlamaConfig { VocabularySize = tokenizer.VocabularySize, HiddenSize = 16, Layers = 1, Heads = 2, IntermediateSize = 32, MaxPositions = 24, PadTokenId = tokenizer.PadTokenId }, new CausalLanguageModelObjective());
        },
        ["glm"] = () =>
        {
            TextEncoder tokenizer = ByteLevelBpeTrainer.Train(_texts, 300, new() { SpecialTokens = SpecialTokens.Glm });
            return (tokenizer, new Glm2022Config { VocabularySize = tokenizer.VocabularySize, HiddenSize = 16, Layers = 1, Heads = 2, MaxPositions = 24 }, new BlankInfillingObjective());
        },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_checkpoint_begun_with_them_is_pretrained_written_and_trained_on(string name)
    {
        using var folder = new TemporaryFolder();
        (TextEncoder tokenizer, ModelConfig config, PretrainingObjective objective) = Begun[name]();
        var ml = new MLContext(1);

        using (PretrainingTransformer pretrained = ml.Transformers()
            .Pretraining(Checkpoint.FromConfig(config, tokenizer), objective, new() { MaxSteps = 2, BatchSize = 4, MaxTokens = 24 }).Fit(PlainTexts.Reviews(ml)))
        {
            pretrained.SaveCheckpoint(folder.Folder);
        }
        IDataView data = Reviews.Keyed(ml);
        using SequenceClassificationTransformer model =
            ml.Transformers().SequenceClassification(folder.Folder, new() { Epochs = 1, BatchSize = 4, MaxTokens = 16 }).Fit(data);

        Assert.Equal(config.PaddingId, tokenizer.PadTokenId);
        Assert.Equal(tokenizer.Encode("a great film", "not dull").Ids, Checkpoint.FromFolder(folder.Folder).Tokenizer.Encode("a great film", "not dull").Ids);
        Assert.All(Reviews.Scores(model.Transform(data)), scores => Assert.Equal(1, scores.Sum(), 1e-5));
    }

    [Theory]
    [InlineData("bert", "[CLS] x [SEP]", "[CLS] x [SEP] y [SEP]", "00011")]
    [InlineData("bart", "<s> x </s>", "<s> x </s> </s> y </s>", "000000")]
    [InlineData("t5", "x </s>", "x </s> y </s>", "0000")]
    [InlineData("llama", "<s> x", "<s> x <s> y", "0011")]
    [InlineData("glm", "[CLS] x <|endoftext|>", "[CLS] x [SEP] y <|endoftext|>", "00011")]
    public void Texts_are_put_into_the_template_of_the_network(string name, string single, string pair, string types)
    {
        SpecialTokens special = name switch
        {
            "bert" => SpecialTokens.Bert, "bart" => SpecialTokens.Bart, "t5" => SpecialTokens.T5(), "llama" => SpecialTokens.Llama, _ => SpecialTokens.Glm,
        };
        TextEncoder tokenizer = ByteLevelBpeTrainer.Train(["xy"], 500, new() { SpecialTokens = special });

        Assert.Equal(single.Split(' '), tokenizer.Encode("x").Tokens);
        Assert.Equal(pair.Split(' '), tokenizer.Encode("x", "y").Tokens);
        Assert.Equal(types, string.Concat(tokenizer.Encode("x", "y").TypeIds));
        Assert.All(special.Roles, role => Assert.NotNull(tokenizer.TokenToId(role.Value)));
        Assert.Equal(name == "llama" ? Side.Left : Side.Right, tokenizer.PaddingSide);
    }

    [Fact]
    public void The_first_sentinel_has_the_highest_id()
    {
        TextEncoder tokenizer = UnigramTrainer.Train(_texts, 180, new() { SpecialTokens = SpecialTokens.T5(90) });

        Assert.Equal((0, 1, 2), (tokenizer.PadTokenId, tokenizer.EndTokenId, tokenizer.UnknownTokenId));
        Assert.Equal((tokenizer.MaxId, tokenizer.MaxId - 89), (tokenizer.TokenToId("<extra_id_0>"), tokenizer.TokenToId("<extra_id_89>")));
        Assert.Equal(["\u2581a", "<extra_id_0>", "</s>"], tokenizer.Encode("a <extra_id_0> ").Tokens);
    }

    [Fact]
    public void The_blanks_of_GLM_are_found_in_texts()
    {
        TextEncoder tokenizer = Begun["glm"]().Tokenizer;

        Assert.Equal([4, 5, 6, 7, 8, 9], tokenizer.Encode("[MASK][sMASK][gMASK]<|startofpiece|><|endofpiece|>[dBLOCK]", null, SmallTokenizers.Plain).Ids);
        Assert.Equal((0, 0, 1, 2, 3, 4), (
            tokenizer.EndTokenId, tokenizer.PadTokenId, tokenizer.UnknownTokenId, tokenizer.ClassTokenId, tokenizer.SeparatorTokenId, tokenizer.MaskTokenId));
    }

    [Fact]
    public void A_mask_takes_the_blank_before_it_where_blanks_count()
    {
        Assert.Equal(["<s>", "a", "<mask>", "\u0120", "b", "</s>"], ByteLevelBpeTrainer.Train(["a b"], 300).Encode("a <mask> b").Tokens);
    }

    [Fact]
    public void What_contradicts_itself_is_named()
    {
        Assert.Contains("'[SEP]' stands twice", Error(SpecialTokens.Bert with { Last = ["[SEP]"] }), StringComparison.Ordinal);
        Assert.Contains("empty", Error(SpecialTokens.Bert with { Last = [""] }), StringComparison.Ordinal);
        Assert.Contains("the role 'padding'", Error(SpecialTokens.Bert with { Roles = new Dictionary<string, string> { ["padding"] = "[PAD]" } }), StringComparison.Ordinal);
        Assert.Contains("'<pad>' is the pad_token", Error(SpecialTokens.Bert with { Roles = new Dictionary<string, string> { ["pad_token"] = "<pad>" } }), StringComparison.Ordinal);
        Assert.Contains("'<s>' is part of a template", Error(SpecialTokens.Bert with { Single = "<s> $A" }), StringComparison.Ordinal);
        Assert.Contains("unk_token", Error(SpecialTokens.Bert with { Roles = new Dictionary<string, string>() }), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => SpecialTokens.T5(-1));

        static string Error(SpecialTokens tokens) =>
            Assert.Throws<ArgumentException>(() => WordPieceTrainer.Train(_texts, 100, new() { SpecialTokens = tokens })).Message;
    }
}
