using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Generation;

/// <summary>A generator that is disposed while others write with it.</summary>
public sealed class GeneratorDisposalTests
{
    private static readonly GenerationOptions _long = new() { MaxNewTokens = 2000, EosIds = [] };

    private readonly TaskModel _model;
    private readonly TextGenerator _generator;

    public GeneratorDisposalTests()
    {
        NativeBackend.EnsureLoaded();
        TextEncoder tokenizer = WordPieceTrainer.Train([.. SampleNetworks.Positive, .. SampleNetworks.Negative], size: 120);
        _model = Networks.Create(
            Networks.Config("llama", ("vocab_size", tokenizer.MaxId + 1), ("max_position_embeddings", 4000), ("initializer_range", 0.5)), HeadKind.CausalLanguageModel, seed: 3);
        _generator = Generators.Of(_model, tokenizer, new GenerationOptions());
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private bool IsFreed => _model.NamedParameters[0].Parameter.IsInvalid;

    [Fact]
    public async Task A_stream_ends_and_the_network_is_freed_with_its_last_reader()
    {
        await using IAsyncEnumerator<string> pieces = _generator.StreamAsync("great", _long, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await pieces.MoveNextAsync());
        await using IAsyncEnumerator<string> others = _generator.StreamAsync("dull", _long, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await others.MoveNextAsync());

        _generator.Dispose();

        Assert.False(IsFreed);
        await Ends(pieces);
        Assert.False(IsFreed);
        await Ends(others);
        Assert.True(IsFreed);

        static async Task Ends(IAsyncEnumerator<string> reader) => await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            while (await reader.MoveNextAsync())
            {
            }
        });
    }

    [Fact]
    public async Task Writing_on_other_threads_completes_or_ends()
    {
        using var started = new CountdownEvent(3);
        Task<int>[] writers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            int texts = 0;
            try
            {
                while (true)
                {
                    Assert.NotEmpty(_generator.Generate("great", new GenerationOptions { MaxNewTokens = 3, EosIds = [] }, Cancellation));
                    if (texts++ == 0)
                    {
                        started.Signal();
                    }
                }
            }
            catch (ObjectDisposedException)
            {
                return texts;
            }
        }))];
        Assert.True(started.Wait(TimeSpan.FromMinutes(1), Cancellation));

        _generator.Dispose();

        Assert.All(await Task.WhenAll(writers), texts => Assert.NotEqual(0, texts));
        Assert.True(IsFreed);
    }

    [Fact]
    public void Nothing_can_be_done_with_it_afterwards()
    {
        _generator.Dispose();

        Assert.True(IsFreed);
        Assert.Throws<ObjectDisposedException>(() => _generator.Generate("great", cancellation: Cancellation));
        Assert.Throws<ObjectDisposedException>(() => _generator.StreamAsync("great", cancellation: Cancellation));
        Assert.Throws<ObjectDisposedException>(() => _generator.SaveCheckpoint("nowhere"));
    }
}
