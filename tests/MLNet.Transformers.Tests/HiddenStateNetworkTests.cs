using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tokenization;
using TorchSharp;

namespace MLNet.Transformers.Tests;

/// <summary>Hidden states as a user asks for them; that they are the reference's is what the goldens show.</summary>
public sealed class HiddenStateNetworkTests : IDisposable
{
    private const double Tolerance = 5e-6;

    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _context = new(1);

    public HiddenStateNetworkTests() => NativeBackend.EnsureLoaded();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bert", HeadKind.Pretraining, 2, 0, true)]
    [InlineData("bart", HeadKind.SequenceToSequence, 3, 2, false)]
    [InlineData("t5", HeadKind.SequenceToSequence, 3, 2, false)]
    [InlineData("llama", HeadKind.CausalLanguageModel, 2, 0, true)]
    [InlineData("glm4", HeadKind.CausalLanguageModel, 2, 0, true)]
    public void Texts_become_the_vectors_of_every_layer(string row, HeadKind head, int layers, int sourceLayers, bool pooled)
    {
        Save(row, head);
        using HiddenStateNetwork network = _context.Transformers().LoadNetwork(_folder.Folder);

        using HiddenStates states = network.Read("a b", "a a a a b");

        long tokens = states.Batch.Length, hidden = network.Config.HiddenSize;
        Assert.Equal(layers + 1, states.Layers.Count);
        Assert.Equal(sourceLayers == 0 ? 0 : sourceLayers + 1, states.SourceLayers.Count);
        Assert.All(states.Layers.Concat(states.SourceLayers), state => Assert.Equal([2, tokens, hidden], state.shape));
        Assert.Equal(pooled ? [2, hidden] : null, states.Pooled?.shape);
    }

    [Fact]
    public void A_text_has_the_same_vectors_alone_and_beside_a_longer_one()
    {
        Save("bert", HeadKind.None);
        using HiddenStateNetwork network = _context.Transformers().LoadNetwork(_folder.Folder);

        using HiddenStates alone = network.Read("a b"), together = network.Read("a b", "a a a a b");

        Networks.AssertClose(Networks.Values(alone.Tokens[0]), Networks.Values(together.Tokens[0].narrow(0, 0, alone.Batch.Length)), Tolerance);
        Networks.AssertClose(Networks.Values(alone.Pooled![0]), Networks.Values(together.Pooled![0]), Tolerance);
    }

    [Fact]
    public void The_last_vectors_are_those_that_the_network_gives()
    {
        using TaskModel written = Save("bert", HeadKind.None);
        using HiddenStateNetwork network = _context.Transformers().LoadNetwork(_folder.Folder);
        using HiddenStates states = network.Read("a b");

        HeadOutput output = Networks.Forward(written, states.Batch);

        Networks.AssertClose(Networks.Values(output.Logits), Networks.Values(states.Tokens), Tolerance);
        Networks.AssertClose(Networks.Values(output.SequenceLogits!), Networks.Values(states.Pooled!), Tolerance);
    }

    [Fact]
    public void What_was_made_of_texts_outlives_dispose_scopes_and_is_freed_with_the_vectors()
    {
        Save("bert", HeadKind.None);
        using HiddenStateNetwork network = _context.Transformers().LoadNetwork(_folder.Folder);
        HiddenStates states;
        using (torch.NewDisposeScope())
        {
            states = network.Read("a b", "a a a a b");
        }
        torch.Tensor[] tensors = [states.Batch.Ids, states.Batch.SegmentIds!, states.Batch.Mask!, .. states.Layers, states.Pooled!];

        Assert.All(tensors, tensor => Assert.False(tensor.IsInvalid));
        states.Dispose();
        Assert.All(tensors, tensor => Assert.True(tensor.IsInvalid));
    }

    [Fact]
    public void A_disposed_network_says_so_by_name()
    {
        Save("bert", HeadKind.None);
        HiddenStateNetwork network = _context.Transformers().LoadNetwork(_folder.Folder);
        using HiddenStates before = network.Read("a b");
        network.Dispose();
        network.Dispose();

        Assert.Contains(nameof(HiddenStateNetwork), Assert.Throws<ObjectDisposedException>(() => network.Read("a b")).Message, StringComparison.Ordinal);
        Assert.Contains(nameof(HiddenStateNetwork), Assert.Throws<ObjectDisposedException>(() => network.Read(before.Batch)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_is_refused()
    {
        Save("bert", HeadKind.None);
        using HiddenStateNetwork network = _context.Transformers().LoadNetwork(_folder.Folder);

        Assert.Throws<ArgumentException>(() => network.Read());
    }

    [Fact]
    public void Texts_that_are_too_long_are_cut_and_the_log_says_so_once()
    {
        Save("bert", HeadKind.None);
        var log = new List<string>();
        _context.Log += (_, entry) => log.Add(entry.RawMessage);
        using HiddenStateNetwork network = _context.Transformers().LoadNetwork(_folder.Folder);

        for (int i = 0; i < 2; i++)
        {
            using HiddenStates states = network.Read(string.Join(' ', Enumerable.Repeat("a", 500)));
            Assert.Equal((long)network.Config.MaxTokens!, states.Batch.Length);
        }

        Assert.Single(log, line => line.Contains("were cut", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bert", HeadKind.None)]
    [InlineData("bart", HeadKind.SequenceToSequence)]
    public void Ids_that_are_too_many_are_refused_by_the_limit(string row, HeadKind head)
    {
        Save(row, head);
        using HiddenStateNetwork network = _context.Transformers().LoadNetwork(_folder.Folder);
        TokenBatch batch = TokenBatch.Pad([new int[(int)network.Config.MaxTokens! + 1]], segmentIds: null, padding: 0);

        Assert.Contains($"has {network.Config.MaxTokens} positions", Assert.Throws<ArgumentException>(() => network.Read(batch)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_its_end_it_says_so_by_name()
    {
        Save("bert", HeadKind.None);
        HiddenStateNetwork network = _context.Transformers().LoadNetwork(_folder.Folder);
        using HiddenStates states = network.Read("a b");

        network.Dispose();

        Assert.Equal(nameof(HiddenStateNetwork), Assert.Throws<ObjectDisposedException>(() => network.Read("a b")).ObjectName);
        Assert.Throws<ObjectDisposedException>(() => network.Read(states.Batch));
    }

    private TaskModel Save(string row, HeadKind head)
    {
        TaskModel model = Networks.Create(row, head);
        CheckpointWriter.Write(_folder.Folder, model, WordPieceTrainer.Train(["a a a b b b"], size: 12));
        return model;
    }
}
