using System.Collections.Concurrent;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bart;
using MLNet.Transformers.Models.Glm.Glm2022;
using MLNet.Transformers.Models.T5;
using MLNet.Transformers.Pretraining;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Pretraining;

/// <summary>Noises with the vocabularies that they were made for.</summary>
public class PublishedTokenizerTests
{
    private static readonly ConcurrentDictionary<string, TextEncoder> _tokenizers = new();

    private const string English = "The unbelievable story of Kazakhstan's mountaineers was told. It moved us deeply! Who would have thought that?";
    private const string Chinese = "今天天气很好。我们去公园散步吧！你们也一起来吗？";

    [Theory]
    [InlineData("bert-base-uncased", English, "the|unbelievable|story|of|kazakhstan|'|s|mountaineers|was|told|.|it|moved|us|deeply|!|who|would|have|thought|that|?")]
    [InlineData("roberta-bart", English, "The|unbelievable|story|of|Kazakhstan's|mountaineers|was|told.|It|moved|us|deeply!|Who|would|have|thought|that?")]
    [InlineData("t5", English, "The|unbelievable|story|of|Kazakhstan's|mountaineers|was|told.|It|moved|us|deeply!|Who|would|have|thought|that?")]
    public void Words_are_told_by_how_the_vocabulary_writes_them(string vocabulary, string text, string expected)
    {
        TextEncoder tokenizer = Tokenizer(vocabulary);
        int[] ids = tokenizer.Encode(text, null, new EncodeOptions { AddSpecialTokens = false }).Ids;

        List<(int Start, int End)> words = WordStarts.Of(tokenizer).In(ids);

        Assert.Equal(expected.Split('|'), words.Select(word => tokenizer.Decode(ids[word.Start..word.End]).Replace(" ", "")));
    }

    [Theory]
    [InlineData("bert-base-chinese", 20)]
    [InlineData("roberta-bart", 16)]
    [InlineData("glm-chinese", 8)]
    public void A_Chinese_text_has_many_words_in_any_vocabulary(string vocabulary, int least)
    {
        TextEncoder tokenizer = Tokenizer(vocabulary);
        int[] ids = tokenizer.Encode(Chinese, null, new EncodeOptions { AddSpecialTokens = false }).Ids;

        List<(int Start, int End)> words = WordStarts.Of(tokenizer).In(ids);

        Assert.InRange(words.Count, least, Chinese.Length);
        Assert.All(words, word => Assert.DoesNotContain('\uFFFD', tokenizer.Decode(ids[word.Start..word.End])));
    }

    [Fact]
    public void T5s_sentinels_descend_from_the_end_of_its_vocabulary()
    {
        TextEncoder tokenizer = Tokenizer("t5");
        var config = new T5Config();
        ITextObjective objective = new SpanCorruptionObjective().Create(new(tokenizer, config, ArchitectureRegistry.Of(config).Head(HeadKind.SequenceToSequence), 512));
        Assert.Equal((568, true), (objective.Blocks.Length, objective.Blocks.Packed));

        SourceTarget row = ((CorruptedText)objective).Row(TextBlock.Of([.. Enumerable.Range(100, 568)]), new Random(1));

        Assert.Equal((512, 114), (row.Tokens.Ids.Length, row.Target.Length));
        Assert.Equal(Enumerable.Range(0, 28).Select(number => 32099 - number), row.Tokens.Ids.Where(id => id >= 32000));
        Assert.Equal(Enumerable.Range(0, 28).Select(number => 32099 - number), row.Target.Where(id => id >= 32000));
        Assert.Equal((1, 1), (row.Tokens.Ids[^1], row.Target[^1]));
    }

    [Fact]
    public void BART_reads_and_writes_texts_with_its_own_special_tokens()
    {
        TextEncoder tokenizer = Tokenizer("roberta-bart");
        var config = new BartConfig();
        var objective = (CorruptedText)new DenoisingObjective().Create(new(tokenizer, config, ArchitectureRegistry.Of(config).Head(HeadKind.SequenceToSequence), 64));
        EncodedText text = new DocumentEncoder(tokenizer, config).Encode(English);

        SourceTarget row = objective.Row(TextBlock.Of(text.Ids, text.SentenceEnds), new Random(3));

        Assert.Equal(tokenizer.Encode(English).Ids, row.Target);
        Assert.Equal((0, 2), (row.Tokens.Ids[0], row.Tokens.Ids[^1]));
        Assert.Contains(50264, row.Tokens.Ids);
        Assert.Equal(3, text.SentenceEnds.Length);
    }

    [Fact]
    public void The_published_GLM_has_all_blanks_and_hides_nothing()
    {
        TextEncoder tokenizer = Tokenizer("glm-chinese");
        var config = new Glm2022Config { VocabularySize = 50048 };
        var objective = (BlankInfillingTexts)new BlankInfillingObjective().Create(new(tokenizer, config, ArchitectureRegistry.Of(config).Head(HeadKind.CausalLanguageModel), 64));
        EncodedText text = new DocumentEncoder(tokenizer, config).Encode(Chinese);
        Assert.Equal(3, text.SentenceEnds.Length);

        int[][] read = [.. Enumerable.Range(0, 60).Select(seed => objective.Draw([TextBlock.Of(text.Ids, text.SentenceEnds)], new Random(seed)).Single().Ids)];

        Assert.All(read, ids => Assert.Equal(50002, ids[0]));
        Assert.All(read, ids => Assert.Contains(50006, ids));
        Assert.All((int[])[50003, 50008, 50009], blank => Assert.Contains(read, ids => ids.Contains(blank)));
    }

    [Fact]
    public void A_tokenizer_json_of_BART_has_BARTs_mask_without_further_files() =>
        Assert.Equal("<mask>", TextEncoder.FromFile(Shared.Golden("tokenizers", "bart-bbpe", "tokenizer.json")) is var bart ? bart.IdToToken(bart.MaskTokenId!.Value) : null);

    private static TextEncoder Tokenizer(string name)
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        return _tokenizers.GetOrAdd(name, static name => TextEncoder.FromFolder(Shared.Path("weights", "vocab", name)));
    }
}
