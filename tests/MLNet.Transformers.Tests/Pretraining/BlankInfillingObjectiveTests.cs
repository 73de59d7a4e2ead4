using System.Text.Json;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Pretraining;
using MLNet.Transformers.Pretraining.Noises;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tests.Pretraining.Noises;
using MLNet.Transformers.Tokenization;
using MLNet.Transformers.Training;
using static MLNet.Transformers.Tests.Pretraining.ObjectiveNetworks;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Pretraining;

/// <summary>GLM's objective.</summary>
public class BlankInfillingObjectiveTests
{
    private const HeadKind Head = HeadKind.CausalLanguageModel;
    private const string Glm = "glm of 2022";
    private const int No = (int)LossTerm.Ignored;

    public static TheoryData<string> Architectures =>
        [.. With(Head).Where(row => ArchitectureRegistry.Of(Networks.Config(row)).Head(Head).Blank is not null)];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_network_that_writes_into_blanks_learns_by_every_kind_of_them(string row)
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        using TaskModel network = Networks.Create(row, Head);
        ITextObjective objective = Create(row, new BlankInfillingObjective());
        TextBlock[] texts = [Block(17), Block(2), Block(9, first: 3)];
        foreach (double kind in (double[])[0.4, 0.7, 0.9])
        {
            LabelledBatch batch = objective.Prepare(texts, new NetworkInputs(network), new ScriptedRandom([0.5, kind]));
            network.zero_grad();
            LossTerm.Mean(batch.Terms, network.forward(batch.Tokens)).backward();

            Assert.True(batch.Terms.Single().Weight >= 6);
            Assert.All(network.NamedParameters, item => Assert.NotNull(item.Parameter.grad));
        }
    }

    [Fact]
    public void The_references_loss_is_met()
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Shared.Golden("glm2022-infilling", "expected.json")));
        JsonElement item = expected.RootElement.GetProperty("cases").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "sep_mask_2d_positions");
        CheckpointContents contents = CheckpointContents.OfFolder(Shared.Golden("glm2022-infilling"));
        using ITensorSource weights = contents.OpenWeights();
        using TaskModel network = TaskModel.Create(contents.Config, Head, Placement.Cpu);
        CheckpointLoader.Load(network, weights, mayAdd: [], replace: [], seed: 0);
        network.eval();
        int[][] ids = Values("input_ids", 15), labels = Values("labels", 15), places = Values("position_ids", 15);
        int[] seen = Values("attention_mask", 3)[0];
        BlankedText[] texts = [.. Enumerable.Range(0, 3).Select(row =>
        {
            // Zeros at the end fill up.
            int length = Array.FindLastIndex(labels[row], label => label != 0) + 1;
            return new BlankedText(
                ids[row][..length], places[2 * row][..length], places[2 * row + 1][..length], [.. labels[row].Take(length).Select((label, i) => i < seen[row] ? No : label)], seen[row]);
        })];

        LabelledBatch batch = BlankInfillingTexts.Batch(texts, new NetworkInputs(network));
        double loss = LossTerm.Mean(batch.Terms, network.forward(batch.Tokens)).item<float>();

        Assert.Equal(item.GetProperty("outputs").GetProperty("loss").GetProperty("data")[0].GetDouble(), loss, 2e-5);

        int[][] Values(string key, int width) =>
            [.. item.GetProperty("inputs").GetProperty(key).GetProperty("data").EnumerateArray().Select(number => number.GetInt32()).Chunk(width)];
    }

    // Behind [CLS]: spans of 1 and 2 tokens at 2 and 5, filled in the other order.
    [Fact]
    public void Short_spans_by_pencil()
    {
        BlankedText text = Draw(new() { SpanShare = 0.3 }, [0.5, 0.4, 0.1, 0.3], [0, 2, 3, 1], TextBlock.Of([.. Enumerable.Range(10, 10)]));

        Assert.Equal([1, 10, 11, 3, 13, 14, 3, 17, 18, 19, 6, 15, 16, 6, 12], text.Ids);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 6, 6, 6, 3, 3], text.Places);
        Assert.Equal([.. new int[10], 1, 2, 3, 1, 2], text.BlankPlaces);
        Assert.Equal([.. Enumerable.Repeat(No, 10), 15, 16, 7, 12, 7], text.Labels);
    }

    [Fact]
    public void Sentences_by_pencil()
    {
        BlankedText text = Draw(new(), [0.5, 0.7], [1], TextBlock.Of([10, 11, 12, 13, 14, 15], 2, 4, 6));

        Assert.Equal([1, 10, 11, 4, 14, 15, 6, 12, 13], text.Ids);
        Assert.Equal([.. Enumerable.Repeat(No, 6), 12, 13, 7], text.Labels);
    }

    [Fact]
    public void Long_spans_by_pencil()
    {
        TextBlock block = TextBlock.Of([10, 11, 12, 13, 14, 15]);

        // Four tokens at the end: nothing ends them.
        BlankedText last = Draw(new(), [0.5, 0.9, 0.4], [4], block);
        Assert.Equal([1, 10, 11, 5, 6, 12, 13, 14], last.Ids);
        Assert.Equal([.. Enumerable.Repeat(No, 4), 12, 13, 14, 15], last.Labels);

        // Four tokens behind the first.
        BlankedText within = Draw(new(), [0.5, 0.9, 0.6], [4, 1], block);
        Assert.Equal([1, 10, 5, 15, 6, 11, 12, 13, 14], within.Ids);
        Assert.Equal([.. Enumerable.Repeat(No, 4), 11, 12, 13, 14, 7], within.Labels);
    }

    [Fact]
    public void Kinds_of_blanks_have_the_shares_of_the_code()
    {
        var random = new Random(1);
        var objective = (BlankInfillingTexts)Create(Glm, new BlankInfillingObjective());
        TextBlock text = Block(17);
        (int spans, int sentences, int all, int ended) = (0, 0, 0, 0);
        for (int draw = 0; draw < Tallies.Draws; draw++)
        {
            BlankedText drawn = objective.Draw([text], random).Single();
            int blank = drawn.Ids[..drawn.Seen].First(id => id is >= 3 and <= 5);
            (spans, sentences, all) = (spans + (blank == 3 ? 1 : 0), sentences + (blank == 4 ? 1 : 0), all + (blank == 5 ? 1 : 0));
            ended += blank == 5 && drawn.Labels[^1] == 7 ? 1 : 0;
        }

        Tallies.AssertShare(0.5, spans, Tallies.Draws);
        Tallies.AssertShare(0.3, sentences, Tallies.Draws);
        Tallies.AssertShare(0.2, all, Tallies.Draws);
        Tallies.AssertShare(0.5, ended, all);
    }

    [Fact]
    public void Blanks_are_filled_in_any_order_and_what_fills_them_makes_the_text()
    {
        var random = new Random(2);
        var objective = (BlankInfillingTexts)Create(Glm, new BlankInfillingObjective { SpanProbability = 1, SentenceProbability = 0, SpanShare = 0.5, MeanSpanLength = 5, ShortTextProbability = 0 }, maxTokens: 40);
        TextBlock text = Block(39);
        var orders = new Dictionary<string, int>();
        for (int draw = 0; draw < Tallies.Draws / 4; draw++)
        {
            BlankedText drawn = objective.Draw([text], random).Single();
            Assert.True(draw % 10 > 0 || Whole(drawn).SequenceEqual([1, .. text.Ids]));
            int[] starts = [.. Enumerable.Range(drawn.Seen, drawn.Ids.Length - drawn.Seen).Where(i => drawn.BlankPlaces[i] == 1).Select(i => drawn.Places[i])];
            if (starts.Length == 4)
            {
                string order = string.Concat(starts.Select(start => starts.Count(other => other < start)));
                orders[order] = orders.GetValueOrDefault(order) + 1;
            }
        }

        Tallies.AssertUniform(24, orders.Values);

        static IEnumerable<int> Whole(BlankedText drawn) => drawn.Ids[..drawn.Seen].SelectMany((id, place) => id != Mask
            ? [id]
            : Enumerable.Range(drawn.Seen, drawn.Ids.Length - drawn.Seen).Where(i => drawn.Places[i] == place).Select(i => drawn.Labels[i]).SkipLast(1));
    }

    [Fact]
    public void Tokens_are_hidden_where_the_tokenizer_has_a_token_for_it()
    {
        TextBlock block = TextBlock.Of([.. Enumerable.Range(10, 10)]);
        TextEncoder tokenizer = NumberedTokens.Of(Tokens, "[CLS] $ [SEP]", [.. Named, (8, "[dBLOCK]")]);
        int Hidden(BlankInfillingObjective options, TextEncoder? with)
        {
            options.SpanShare = 0.8;
            (options.SpanProbability, options.SentenceProbability) = (1, 0);
            var objective = (BlankInfillingTexts)Create(Glm, options, with);
            var random = new Random(3);
            return Enumerable.Range(0, 200).Sum(_ => objective.Draw([block], random).Single().Ids.Count(id => id == 8));
        }

        Assert.InRange(Hidden(new(), tokenizer), 90, 200);
        Assert.InRange(Hidden(new() { HiddenShare = 1 }, tokenizer), 1200, 1900);
        Assert.Equal(0, Hidden(new() { HiddenShare = 0 }, tokenizer));
        Assert.Equal(0, Hidden(new(), null));
    }

    [Fact]
    public void Some_batches_have_shorter_texts()
    {
        var objective = (BlankInfillingTexts)Create(Glm, new BlankInfillingObjective(), maxTokens: 401);
        TextBlock text = Block(400);
        var random = new Random(4);

        int cut = Enumerable.Range(0, 10_000).Count(_ => objective.Draw([text], random).Sum(drawn => drawn.Ids.Count(id => id >= 8)) is < 390);

        // A text of more than half of the length is one; those of all of it are rare.
        Assert.Equal(0.02, cut / 10_000.0, 0.01);
        Assert.Equal(400, objective.Blocks.Length);
    }

    [Fact]
    public void What_is_drawn_depends_on_seed_and_step_alone()
    {
        var objective = (BlankInfillingTexts)Create(Glm, new BlankInfillingObjective());
        int[] Drawn(int seed, int step) => [.. objective.Draw([Block(17), Block(12)], RandomState.OfStep(seed, step)).SelectMany(text => text.Ids)];

        Assert.Equal(Drawn(1, 7), Drawn(1, 7));
        Assert.NotEqual(Drawn(1, 7), Drawn(1, 8));
        Assert.NotEqual(Drawn(1, 7), Drawn(2, 7));
    }

    [Fact]
    public void All_that_changes_what_is_learnt_is_in_the_identity()
    {
        BlankInfillingObjective[] others =
        [
            new(), new() { SpanProbability = 0.4 }, new() { SentenceProbability = 0.4 }, new() { SpanShare = 0.4 }, new() { MeanSpanLength = 4 }, new() { SentenceShare = 0.4 },
            new() { LongSpanLeastShare = 0.4 }, new() { LongSpanAtEndProbability = 0.4 }, new() { HiddenShare = 0 }, new() { ShortTextProbability = 0.4 },
        ];

        Assert.Equal(others.Length, others.Select(objective => Create(Glm, objective).Identity).Distinct().Count());
    }

    [Fact]
    public void Defaults_are_those_of_the_code()
    {
        var options = new BlankInfillingObjective();
        Assert.Equal((0.5, 0.3, 0.15, 3), (options.SpanProbability, options.SentenceProbability, options.SpanShare, options.MeanSpanLength));
        Assert.Equal((0.15, 0.25, 0.5, 0.02), (options.SentenceShare, options.LongSpanLeastShare, options.LongSpanAtEndProbability, options.ShortTextProbability));
        Assert.Null(options.HiddenShare);
        BlockShape blocks = Create(Glm, options).Blocks;
        Assert.Equal((17, 2, true, false), (blocks.Length, blocks.Shortest, blocks.WholeSentences, blocks.Packed));
    }

    [Fact]
    public void What_is_missing_or_out_of_range_is_named()
    {
        TextEncoder Without(string token) => NumberedTokens.Of(Tokens, "[CLS] $ [SEP]", [.. Named.Where(item => item.Token != token)]);
        foreach (string token in (string[])["[MASK]", "[sMASK]", "[gMASK]", "<|startofpiece|>", "<|endofpiece|>"])
        {
            Refused<InvalidOperationException>($"no token '{token}'", () => Create(Glm, new BlankInfillingObjective(), Without(token)));
        }
        Refused<InvalidOperationException>("no token '[dBLOCK]'", () => Create(Glm, new BlankInfillingObjective { HiddenShare = 0.1 }));
        Create(Glm, new BlankInfillingObjective { SpanProbability = 0.4, SentenceProbability = 0.6 }, Without("[gMASK]"));
        Create(Glm, new BlankInfillingObjective { SpanProbability = 1, SentenceProbability = 0 }, Without("[sMASK]"));
        Refused<NotSupportedException>("LlamaForCausalLM does not write into blanks", () => Create("llama", new BlankInfillingObjective()));
        Refused<NotSupportedException>("CausalLanguageModel", () => Create("bart", new BlankInfillingObjective()));
        Refused<ArgumentException>("SpanProbability (0.8) and SentenceProbability (0.3) are more than 1", () => new BlankInfillingObjective { SpanProbability = 0.8 }.Checked());
        Refused<ArgumentOutOfRangeException>("SpanShare must be above 0", () => new BlankInfillingObjective { SpanShare = 0 }.Checked());
        Refused<ArgumentOutOfRangeException>("MeanSpanLength must be at least 0.5 and at most 39", () => new BlankInfillingObjective { MeanSpanLength = 40 }.Checked());
        Refused<ArgumentOutOfRangeException>("HiddenShare", () => new BlankInfillingObjective { HiddenShare = 2 }.Checked());
        Refused<ArgumentOutOfRangeException>("ShortTextProbability", () => new BlankInfillingObjective { ShortTextProbability = -1 }.Checked());
        Refused<ArgumentOutOfRangeException>("LongSpanLeastShare", () => new BlankInfillingObjective { LongSpanLeastShare = -1 }.Checked());
        Refused<ArgumentOutOfRangeException>("LongSpanAtEndProbability", () => new BlankInfillingObjective { LongSpanAtEndProbability = -1 }.Checked());
        Refused<ArgumentOutOfRangeException>("SentenceShare", () => new BlankInfillingObjective { SentenceShare = 0 }.Checked());
    }

    private static BlankedText Draw(BlankInfillingObjective options, double[] shares, int[] numbers, TextBlock block) =>
        ((BlankInfillingTexts)Create(Glm, options)).Draw([block], new ScriptedRandom(shares, numbers)).Single();

    private static void Refused<TException>(string message, Action action)
        where TException : Exception => Assert.Contains(message, Assert.Throws<TException>(action).Message, StringComparison.Ordinal);
}
