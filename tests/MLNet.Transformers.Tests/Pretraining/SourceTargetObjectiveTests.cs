using System.Text.Json;
using Microsoft.ML;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Pretraining;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tests.Pretraining.Noises;
using MLNet.Transformers.Tokenization;
using MLNet.Transformers.Training;
using static MLNet.Transformers.Tests.Pretraining.ObjectiveNetworks;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Pretraining;

/// <summary>The objectives of BART and T5: what is read and written, and for which networks.</summary>
public class SourceTargetObjectiveTests
{
    private const HeadKind Head = HeadKind.SequenceToSequence;

    public static TheoryData<string, int> RowsAndObjectives
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string row in With(Head))
            {
                foreach (int objective in Enumerable.Range(0, All().Length))
                {
                    data.Add(row, objective);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(RowsAndObjectives))]
    public void Every_encoder_decoder_learns_by_every_objective(string row, int number)
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        using TaskModel network = Networks.Create(row, Head);
        ITextObjective objective = Create(row, All()[number]);
        TextBlock[] texts = [Block(objective.Blocks.Length), Block(2), Block(9, first: 3)];

        LabelledBatch batch = objective.Prepare(texts, new NetworkInputs(network), new Random(1));
        LossTerm.Mean(batch.Terms, network.forward(batch.Tokens)).backward();

        Assert.True(batch.Terms.Single().Weight > 10);
        Assert.InRange(batch.Tokens.Length, 4, 18);
        Assert.All(network.NamedParameters.Where(item => !network.Spec.Unused.Any(item.Name.StartsWith)), item => Assert.NotNull(item.Parameter.grad));
    }

    [Theory]
    [InlineData("bart-seq2seq", "$ 2")]
    [InlineData("t5-v1.0-seq2seq", "$ 1")]
    [InlineData("t5-v1.1-seq2seq", "$ 1")]
    [InlineData("bert2bert-seq2seq", "1 $ 2")]
    public void The_references_loss_is_met(string golden, string template)
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Shared.Golden(golden, "expected.json")));
        JsonElement item = expected.RootElement.GetProperty("cases").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "labels_loss");
        int[][] read = Values("input_ids"), seen = Values("attention_mask"), written = Values("labels");
        CheckpointContents contents = CheckpointContents.OfFolder(Shared.Golden(golden));
        using ITensorSource weights = contents.OpenWeights();
        using TaskModel network = TaskModel.Create(contents.Config, Head, Placement.Cpu);
        CheckpointLoader.Load(network, weights, mayAdd: [], replace: [], seed: 0);
        network.eval();
        (int Id, string Token)[] named = [.. template.Split(' ').Where(token => token != "$").Select(token => (int.Parse(token), $"{token}"))];
        // What the template puts around source and target is not the text's.
        int front = template.Split(' ').Length - 2;
        var objective = new CorruptedText(
            new(NumberedTokens.Of(100, template, named), contents.Config, network.Spec, 30), "given", length => new BlockShape(length),
            (block, _) => (block.Ids[..block.SentenceEnds[0]], block.Ids[block.SentenceEnds[0]..]));
        TextBlock[] blocks =
        [
            .. Enumerable.Range(0, read.Length).Select(row =>
            {
                int[] source = [.. read[row].Where((_, place) => seen[row][place] == 1).Skip(front).SkipLast(1)], target = [.. written[row].Where(id => id >= 0).SkipLast(1)];
                return TextBlock.Of([.. source, .. target], source.Length, source.Length + target.Length);
            }),
        ];

        LabelledBatch batch = objective.Prepare(blocks, new NetworkInputs(network), new Random(1));
        double loss = LossTerm.Mean(batch.Terms, network.forward(batch.Tokens)).item<float>();

        Assert.Equal(item.GetProperty("outputs").GetProperty("loss").GetProperty("data")[0].GetDouble(), loss, 2e-5);

        int[][] Values(string key) => [.. item.GetProperty("inputs").GetProperty(key).GetProperty("data").EnumerateArray().Select(number => number.GetInt32())
            .Chunk(item.GetProperty("inputs").GetProperty(key).GetProperty("shape")[1].GetInt32())];
    }

    [Fact]
    public void Denoising_by_pencil()
    {
        // Each of three sentences takes the place of the one before it, the first that of the last; then one span of 0.25 · 12 words, from the third on.
        var random = new ScriptedRandom([0.5], [0, 1, 1, 2, 2]);

        SourceTarget row = Row("bart", new DenoisingObjective { InfilledShare = 0.25 }, TextBlock.Of([.. Enumerable.Range(10, 12)], 4, 8, 12), random);

        Assert.Equal([1, 14, 15, Mask, 19, 20, 21, 10, 11, 12, 13, 2], row.Tokens.Ids);
        Assert.Equal([1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 2], row.Target);
    }

    [Fact]
    public void Span_corruption_by_pencil()
    {
        // Of 8 tokens 3 are noise, in 2 spans: 1 and 2, behind 2 and 3 tokens of text. T5's template has an end token alone.
        TextEncoder tokenizer = NumberedTokens.Of(Tokens, "$ [SEP]", Named);

        SourceTarget row = Row(
            "t5", new SpanCorruptionObjective { NoiseDensity = 0.4, MeanSpanLength = 1.5 }, TextBlock.Of([.. Enumerable.Range(10, 8)]), new ScriptedRandom(numbers: [0, 1]), tokenizer, maxTokens: 12);

        Assert.Equal([10, 11, 36, 13, 14, 15, 35, 2], row.Tokens.Ids);
        Assert.Equal([36, 12, 35, 16, 17, 2], row.Target);
    }

    [Fact]
    public void Prefix_and_shuffled_text_by_pencil()
    {
        SourceTarget prefix = Row("t5", new PrefixLanguageModelObjective(), TextBlock.Of([10, 11, 12]), new ScriptedRandom(numbers: [2]));
        Assert.Equal([1, 10, 11, 2], prefix.Tokens.Ids);
        Assert.Equal([1, 12, 2], prefix.Target);

        SourceTarget shuffled = Row("t5", new DeshufflingObjective(), TextBlock.Of([10, 11, 12]), new ScriptedRandom(numbers: [2, 2]));
        Assert.Equal([1, 12, 10, 11, 2], shuffled.Tokens.Ids);
        Assert.Equal([1, 10, 11, 12, 2], shuffled.Target);
    }

    [Fact]
    public void A_target_does_not_begin_with_what_the_decoder_has_read_already() =>
        // The small BART begins with token 3.
        Assert.Equal([10, 11, 2], Row(
            "bart", new DeshufflingObjective(), TextBlock.Of([10, 11]), new Random(1), NumberedTokens.Of(Tokens, "[MASK] $ [SEP]", Named)).Target);

    [Fact]
    public void Blocks_of_span_corruption_are_packed_and_fill_what_is_read()
    {
        TextEncoder tokenizer = NumberedTokens.Of(600, "$ [SEP]", [.. Named, .. Enumerable.Range(4, 30).Select(number => (100 + number, $"<extra_id_{number}>"))]);
        PretrainingObjective objective = new SpanCorruptionObjective();
        ObjectiveContext context = Context("t5", objective, tokenizer, maxTokens: 512);

        BlockShape blocks = objective.Create(context with { Config = Networks.Config("t5", ("vocab_size", 600)) }).Blocks;

        Assert.Equal((568, true, 2), (blocks.Length, blocks.Packed, blocks.Shortest));
        Assert.Empty(blocks.DocumentStart);
        Assert.Empty(blocks.DocumentEnd);
    }

    [Fact]
    public void Blocks_of_the_others_leave_room_for_the_template()
    {
        BlockShape denoising = Create("bart", new DenoisingObjective()).Blocks, prefix = Create("t5", new PrefixLanguageModelObjective()).Blocks;

        Assert.Equal((16, true, false), (denoising.Length, denoising.WholeSentences, denoising.Packed));
        Assert.Equal((16, 2, false), (prefix.Length, prefix.Shortest, prefix.Packed));
    }

    [Fact]
    public void Masks_that_are_put_in_never_make_a_text_too_long()
    {
        // Nothing but spans of no words, until one of one word comes.
        var random = new ScriptedRandom([0.01, 0.01, 0.01, 0.1]);

        SourceTarget row = Row("bart", new DenoisingObjective { InfilledShare = 0.01 }, Block(16), random);

        Assert.Equal(18, row.Tokens.Ids.Length);
        Assert.Equal((1, 2), (row.Tokens.Ids[0], row.Tokens.Ids[^1]));
    }

    [Fact]
    public void Each_noise_works_alone_and_in_any_mixture()
    {
        TextBlock text = Block(16);
        SourceTarget Noisy(DenoisingObjective objective) => Row("bart", objective, text, new Random(5));
        DenoisingObjective None() => new() { InfilledShare = 0, PermutedShare = 0 };
        DenoisingObjective permuted = None(), masked = None(), deleted = None(), rotated = None(), infilled = None();
        (permuted.PermutedShare, masked.MaskedShare, deleted.DeletedShare, rotated.RotatedShare, infilled.InfilledShare) = (1, 0.25, 0.25, 1, 0.25);

        Assert.Equal(text.Ids.Order(), Noisy(permuted).Tokens.Ids[1..^1].Order());
        Assert.NotEqual(text.Ids, Noisy(permuted).Tokens.Ids[1..^1]);
        Assert.Equal(4, Noisy(masked).Tokens.Ids.Count(id => id == Mask));
        Assert.Equal(16, Noisy(masked).Tokens.Ids.Length - 2);
        Assert.Equal(12, Noisy(deleted).Tokens.Ids.Length - 2);
        Assert.Equal([.. text.Ids, .. text.Ids], Twice(Noisy(rotated).Tokens.Ids[1..^1], text.Ids[0]));
        Assert.InRange(Noisy(infilled).Tokens.Ids.Count(id => id == Mask), 1, 4);
        SourceTarget all = Noisy(new() { InfilledShare = 0.25, PermutedShare = 0.5, MaskedShare = 0.25, DeletedShare = 0.25, RotatedShare = 1, WholeWords = false, RandomTokenShare = 0.1 });
        Assert.InRange(all.Tokens.Ids.Length - 2, 6, 13);
        Assert.All((SourceTarget[])[Noisy(permuted), Noisy(masked), Noisy(deleted), Noisy(rotated), Noisy(infilled), all], row => Assert.Equal(text.Ids, row.Target[1..^1]));

        static int[] Twice(int[] rotated, int first) => [.. rotated[Array.IndexOf(rotated, first)..], .. rotated, .. rotated[..Array.IndexOf(rotated, first)]];
    }

    [Fact]
    public void Sentences_of_Chinese_change_places()
    {
        using var folder = new Checkpoints.TemporaryFolder();
        folder.Write("vocab.txt", string.Join('\n', "[PAD] [UNK] [CLS] [SEP] [MASK] 今 天 很 好 。 我 们 走 吧 ！ 吗 ？".Split(' ')));
        TextEncoder tokenizer = TextEncoder.FromFolder(folder.Folder);
        EncodedText text = new DocumentEncoder(tokenizer, Networks.Config("bart")).Encode("今天很好。我们走吧！好吗？");
        TextBlock block = TextBlock.Of(text.Ids, text.SentenceEnds);

        HashSet<string> orders = [.. Enumerable.Range(0, 200).Select(
            seed => tokenizer.Decode(Row("bart", new DenoisingObjective { InfilledShare = 0 }, block, new Random(seed), tokenizer).Tokens.Ids).Replace(" ", ""))];

        Assert.Equal(
            ((string[])["今天很好。我们走吧！好吗？", "今天很好。好吗？我们走吧！", "我们走吧！今天很好。好吗？", "我们走吧！好吗？今天很好。", "好吗？今天很好。我们走吧！", "好吗？我们走吧！今天很好。"]).Order(),
            orders.Order());
    }

    [Fact]
    public void Whole_words_are_hidden_as_the_vocabulary_writes_them()
    {
        using var folder = new Checkpoints.TemporaryFolder();
        folder.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nun\n##break\n##able\nword\n");
        TextEncoder tokenizer = TextEncoder.FromFolder(folder.Folder);
        var objective = new DenoisingObjective { InfilledShare = 0.5, PermutedShare = 0 };
        // Two words, of which one is hidden.
        TextBlock text = TextBlock.Of([5, 6, 7, 8]);

        Assert.Equal([2, 4, 8, 3], Row("bart", objective, text, new ScriptedRandom([0.1]), tokenizer).Tokens.Ids);
        objective.WholeWords = false;
        Assert.Equal([2, 4, 7, 8, 3], Row("bart", objective, text, new ScriptedRandom([0.3]), tokenizer).Tokens.Ids);
    }

    [Fact]
    public void What_is_drawn_depends_on_seed_and_step_alone()
    {
        // Of a short text so little is noise that there is one way to draw it.
        foreach (PretrainingObjective objective in All().Append(new SpanCorruptionObjective { NoiseDensity = 0.4 }).Where(objective => objective is not SpanCorruptionObjective { NoiseDensity: 0.15 }))
        {
            int[] Drawn(int seed, int step) => Row("bart", objective, Block(16), RandomState.OfStep(seed, step)) is var row ? [.. row.Tokens.Ids, .. row.Target] : [];

            Assert.Equal(Drawn(1, 7), Drawn(1, 7));
            Assert.Contains(Enumerable.Range(8, 5), step => !Drawn(1, 7).SequenceEqual(Drawn(1, step)));
            Assert.Contains(Enumerable.Range(2, 5), seed => !Drawn(1, 7).SequenceEqual(Drawn(seed, 7)));
        }
    }

    [Fact]
    public void All_that_changes_what_is_learnt_is_in_the_identity()
    {
        PretrainingObjective[] others =
        [
            .. All(), new DenoisingObjective { InfilledShare = 0.2 }, new DenoisingObjective { MeanSpanLength = 2 }, new DenoisingObjective { WholeWords = false },
            new DenoisingObjective { PermutedShare = 0.2 }, new DenoisingObjective { MaskedShare = 0.2 }, new DenoisingObjective { DeletedShare = 0.2 },
            new DenoisingObjective { RotatedShare = 0.2 }, new DenoisingObjective { RandomTokenShare = 0.2 }, new SpanCorruptionObjective { NoiseDensity = 0.2 },
            new SpanCorruptionObjective { MeanSpanLength = 2 },
        ];

        Assert.Equal(others.Length, others.Select(objective => Create("bart", objective).Identity).Distinct().Count());
    }

    [Fact]
    public void Defaults_are_those_of_paper_and_code()
    {
        var denoising = new DenoisingObjective();
        Assert.Equal((0.3, 3, true, 1), (denoising.InfilledShare, denoising.MeanSpanLength, denoising.WholeWords, denoising.PermutedShare));
        Assert.Equal((0, 0, 0, 0), (denoising.MaskedShare, denoising.DeletedShare, denoising.RotatedShare, denoising.RandomTokenShare));
        Assert.Equal((0.15, 3), (new SpanCorruptionObjective().NoiseDensity, new SpanCorruptionObjective().MeanSpanLength));
    }

    [Fact]
    public void What_is_missing_or_out_of_range_is_named()
    {
        TextEncoder bare = NumberedTokens.Of(Tokens, "$ [SEP]", (2, "[SEP]"));
        Refused<InvalidOperationException>("no mask token", () => Create("bart", new DenoisingObjective(), bare));
        Refused<InvalidOperationException>("no mask token", () => Create("bart", new DenoisingObjective { InfilledShare = 0, MaskedShare = 0.1 }, bare));
        Create("bart", new DenoisingObjective { InfilledShare = 0, DeletedShare = 0.1 }, bare);
        Refused<InvalidOperationException>("0 sentinel tokens", () => Create("t5", new SpanCorruptionObjective(), bare));
        Refused<InvalidOperationException>("4 sentinel tokens (<extra_id_0>, <extra_id_1>, …), but a block of 112 tokens has 6", () => Create("t5", new SpanCorruptionObjective(), maxTokens: 103));
        Refused<InvalidOperationException>("no token that ends a text", () => Create("t5", new DeshufflingObjective(), NumberedTokens.Of(Tokens, "$")));
        Refused<InvalidOperationException>("MaxTokens is 3, of which 2 are special tokens; a text needs 2 more", () => Create("t5", new PrefixLanguageModelObjective(), maxTokens: 3));
        Refused<InvalidOperationException>("MaxTokens is 3", () => Create("t5", new SpanCorruptionObjective(), maxTokens: 3));
        Refused<NotSupportedException>("SequenceToSequence", () => Create("llama", new DenoisingObjective()));
        Refused<ArgumentException>("There is no noise: InfilledShare, PermutedShare, MaskedShare, DeletedShare, RotatedShare are all 0", () => new DenoisingObjective { InfilledShare = 0, PermutedShare = 0 }.Checked());
        Refused<ArgumentOutOfRangeException>("MaskedShare must be at least 0 and at most 1", () => new DenoisingObjective { MaskedShare = 1.1 }.Checked());
        Refused<ArgumentOutOfRangeException>("RandomTokenShare", () => new DenoisingObjective { RandomTokenShare = double.NaN }.Checked());
        Refused<ArgumentOutOfRangeException>("MeanSpanLength must be at least 0.5", () => new DenoisingObjective { MeanSpanLength = 0 }.Checked());
        Refused<ArgumentOutOfRangeException>("NoiseDensity must be above 0", () => new SpanCorruptionObjective { NoiseDensity = 0 }.Checked());
        Refused<ArgumentOutOfRangeException>("MeanSpanLength must be at least 1", () => new SpanCorruptionObjective { MeanSpanLength = 0.9 }.Checked());
    }

    [Fact]
    public void Documents_that_are_too_short_are_an_error_that_says_how_long_they_are()
    {
        var ml = new MLContext(1);
        (string Row, PretrainingObjective Objective)[] few =
            [("t5", new PrefixLanguageModelObjective()), ("t5", new DeshufflingObjective()), ("glm of 2022", new BlankInfillingObjective())];
        foreach ((string row, PretrainingObjective objective) in few)
        {
            Refused<InvalidOperationException>(
                "the longest of 2 has 1 tokens, and this objective needs 2", () => ml.Transformers().Pretraining(PlainTexts.Small(row), objective).Fit(PlainTexts.Of(ml, "a", "a")));
        }
    }

    private static PretrainingObjective[] All() =>
        [new DenoisingObjective(), new SpanCorruptionObjective(), new PrefixLanguageModelObjective(), new DeshufflingObjective()];

    private static SourceTarget Row(string network, PretrainingObjective objective, TextBlock block, Random random, TextEncoder? tokenizer = null, int maxTokens = 18) =>
        ((CorruptedText)Create(network, objective, tokenizer, maxTokens)).Row(block, random);

    private static void Refused<TException>(string message, Action action)
        where TException : Exception => Assert.Contains(message, Assert.Throws<TException>(action).Message, StringComparison.Ordinal);
}
