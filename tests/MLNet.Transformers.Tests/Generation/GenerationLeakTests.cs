using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tests.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Generation;

[Collection(Alone.Name)]
public sealed class GenerationLeakTests
{
    public GenerationLeakTests() => NativeBackend.EnsureLoaded();

    public static TheoryData<string, HeadKind> All => [.. Writers.All];

    [Theory]
    [MemberData(nameof(All))]
    public async Task No_tensor_is_left(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        await WriteInAllWays(model);
        long before = Settled();

        await WriteInAllWays(model);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public async Task No_tensor_is_left_when_a_reader_stops()
    {
        using TaskModel model = Writers.Llama(30);
        var options = new GenerationOptions { MaxNewTokens = 10 };
        WriteAtOnce(model, options);
        long before = Settled();

        await foreach (GeneratedToken _ in Writers.Stream(model, () => Writers.Prompt([1, 4, 5], [1, 2]), options))
        {
            break;
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void No_tensor_is_left_where_writing_does_not_begin(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        var settings = new GenerationSettings(new GenerationOptions { DecoderStartId = model.Config.DecoderStartId ?? 0 }, new GenerationOptions(), model.Config);
        var failing = new TokenGenerator(model, () => throw new FormatException());
        Fail(1);
        long before = Settled();

        Fail(3);

        Assert.Equal(before, Tensor.TotalCount);

        void Fail(int times)
        {
            using var scope = NewDisposeScope();
            for (int i = 0; i < times; i++)
            {
                Assert.Throws<FormatException>(() => failing.Generate(Prompt(), settings, () => { }));
                // An id that no embedding has.
                Assert.ThrowsAny<Exception>(() => new TokenGenerator(model).Generate(Writers.Prompt([1, 100_000]), settings, () => { }));
            }
        }
    }

    private static async Task WriteInAllWays(TaskModel model)
    {
        var options = new GenerationOptions
        {
            MaxNewTokens = 5, EosIds = [7, 8, 9, 10, 11], DecoderStartId = model.Config.DecoderStartId ?? 0, RepetitionPenalty = 1.2, NoRepeatNgramSize = 2,
            BadWords = [[3], [4, 5]],
        };
        WriteAtOnce(model, options);
        await foreach (GeneratedToken _ in Writers.Stream(model, Prompt, options))
        {
        }
    }

    private static void WriteAtOnce(TaskModel model, GenerationOptions options)
    {
        using var scope = NewDisposeScope();
        GenerationOptions[] ways =
        [
            options, options with { Beams = 3 }, options with { Sample = true, ReturnedSequences = 2, TopP = 0.9 }, options with { Cached = false },
            options with { Beams = 2, Sample = true },
        ];
        foreach (GenerationOptions way in ways)
        {
            Writers.Write(model, Prompt(), way);
        }
    }

    private static TokenBatch Prompt() => Writers.Prompt([1, 4, 5, 6], [1, 2]);

    private static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Tensor.TotalCount;
    }
}
