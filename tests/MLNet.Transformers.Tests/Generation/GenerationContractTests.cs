using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Generation;

/// <summary>What every network that writes keeps: neither the cache nor padding nor other rows change what it writes.</summary>
public sealed class GenerationContractTests
{
    private const int NewTokens = 6;

    public GenerationContractTests() => NativeBackend.EnsureLoaded();

    public static TheoryData<string, HeadKind> All => [.. Writers.All];

    public static TheoryData<string, HeadKind> WithSource => [.. Writers.All.Where(item => item.Head == HeadKind.SequenceToSequence)];

    private static GenerationOptions[] Ways(TaskModel model)
    {
        // An end token that is met now and then, so that rows leave the batch at different times.
        int[] ends = [.. Enumerable.Range(model.Config.VocabularySize / 2, model.Config.VocabularySize / 5)];
        var plain = new GenerationOptions { MaxNewTokens = NewTokens, EosIds = ends, DecoderStartId = model.Config.DecoderStartId ?? 0 };
        return
        [
            plain,
            plain with { RepetitionPenalty = 1.3, NoRepeatNgramSize = 2, MinNewTokens = 3 },
            plain with { Beams = 3, ReturnedSequences = 2, LengthPenalty = 0.7 },
            plain with { Sample = true, Seed = 5, ReturnedSequences = 2, TopK = 7 },
        ];
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_cache_changes_nothing(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        using var scope = NewDisposeScope();
        TokenBatch prompts = Prompts(model, left: true);
        foreach (GenerationOptions options in Ways(model))
        {
            Assert.Equal(Writers.Write(model, prompts, options with { Cached = false }), Writers.Write(model, prompts, options));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_batch_is_as_its_rows(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        using var scope = NewDisposeScope();
        foreach (GenerationOptions options in Ways(model).Where(options => options.Sample is not true))
        {
            int texts = options.ReturnedSequences ?? 1;
            int[][] left = Writers.Write(model, Prompts(model, left: true), options);
            int[][] right = Writers.Write(model, Prompts(model, left: false), options);
            for (int i = 0; i < Sources(model).Length; i++)
            {
                int[][] alone = Writers.Write(model, new TokenBatch(Samples.Pad([Sources(model)[i]], false, 0)), options);

                Assert.Equal(alone, left.Skip(i * texts).Take(texts));
                Assert.Equal(alone, right.Skip(i * texts).Take(texts));
            }
        }
    }

    [Theory]
    [MemberData(nameof(WithSource))]
    public void What_the_decoder_begins_with_may_be_given(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        using var scope = NewDisposeScope();
        GenerationOptions options = Ways(model)[0] with { EosIds = [] };
        TokenBatch source = new(Samples.Pad([Sources(model)[2]], false, 0));
        int[] free = Writers.Write(model, source, options)[0];
        long start = options.DecoderStartId!.Value;

        TokenBatch given = source with { Target = new TokenBatch(tensor([start, free[0], free[1]], [1, 3])) };
        TokenBatch withoutStart = source with { Target = new TokenBatch(tensor([(long)free[0], free[1]], [1, 2])) };

        GenerationOptions less = options with { MaxNewTokens = NewTokens - 2 };
        Assert.Equal(free[2..], Writers.Write(model, given, less)[0]);
        Assert.NotEqual(start, free[0]);
        Assert.Equal(free[2..], Writers.Write(model, withoutStart, less)[0]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_text_that_is_longer_than_the_network_takes_is_refused_by_its_limit(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        GenerationOptions options = Ways(model)[0];
        int limit = model.Config.MaxTokens ?? 300;
        // A source may fill all places; a prompt leaves one to a new token.
        int longest = head == HeadKind.SequenceToSequence || model.Config.MaxTokens is null ? limit : limit - 1;
        using var scope = NewDisposeScope();
        Assert.NotEmpty(Writers.Write(model, Long(longest), options));
        if (model.Config.MaxTokens is null)
        {
            return;
        }

        Refused(Assert.Throws<ArgumentException>(() => Writers.Write(model, Long(longest + 1), options)));
        Refused(Assert.Throws<ArgumentException>(() => Writers.Write(model, Long(4 * limit), options with { Beams = 2 })));
        Refused(await Assert.ThrowsAsync<ArgumentException>(async () =>
        {
            await foreach (GeneratedToken _ in Writers.Stream(model, () => Long(longest + 1), options))
            {
            }
        }));

        void Refused(ArgumentException error) => Assert.Contains($"the network has {limit}", error.Message, StringComparison.Ordinal);

        static TokenBatch Long(int tokens) => Writers.Prompt([.. Enumerable.Repeat(5, tokens)]);
    }

    private static int[][] Sources(TaskModel model) => [.. new Samples(model).Ids.Select(row => row.Take(7).ToArray()).Take(4)];

    private static TokenBatch Prompts(TaskModel model, bool left)
    {
        int[][] rows = Sources(model);
        return new TokenBatch(Samples.Pad(rows, left, model.Config.PaddingId), Mask: Samples.Mask(rows, left));
    }
}
