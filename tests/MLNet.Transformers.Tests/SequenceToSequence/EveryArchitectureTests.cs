using System.Collections.Concurrent;
using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Models;
using static MLNet.Transformers.Tests.SequenceToSequence.Translations;

namespace MLNet.Transformers.Tests.SequenceToSequence;

/// <summary>Every architecture that writes learns eight translations by heart, and writes the same in whatever way it is asked.</summary>
public sealed class EveryArchitectureTests(EveryArchitectureTests.Networks networks) : IClassFixture<EveryArchitectureTests.Networks>
{
    public static TheoryData<string> Architectures =>
        [.. SmallConfigs.Rows.Keys.Where(row => ArchitectureRegistry.Of(MLNet.Transformers.Tests.Models.Networks.Config(row)).Heads.Any(head => head.Kind is HeadKind.SequenceToSequence or HeadKind.CausalLanguageModel))];

    private static readonly string[] _sources = [.. Rows.Select(row => row.Source!), "", "a dog sleeps the bread", "unheard of"];

    private readonly MLContext _ml = new(1);

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Eight_translations_are_learnt_by_heart(string row) =>
        Assert.Equal(Rows.Select(pair => pair.Target), Texts(_ml, networks.Of(row), [.. Rows.Select(pair => pair.Source)]));

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Padding_and_batch_change_nothing(string row)
    {
        SequenceToSequenceTransformer model = networks.Of(row);
        using var engine = _ml.Model.CreatePredictionEngine<Row, Written>(model, new PredictionEngineOptions { OwnsTransformer = false });

        Assert.Equal(_sources.Select(source => engine.Predict(new Row { Source = source }).PredictedText), Texts(_ml, model, _sources));
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public async Task A_stream_is_what_Transform_gives(string row)
    {
        SequenceToSequenceTransformer model = networks.Of(row);
        string[] texts = Texts(_ml, model, _sources);
        for (int i = 0; i < _sources.Length; i++)
        {
            Assert.Equal(texts[i], await Streamed(model, _sources[i]));
            Assert.Equal(texts[i], model.Generate(_sources[i], cancellation: TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void What_is_saved_and_loaded_writes_the_same(string row)
    {
        using var folder = new TemporaryFolder();
        SequenceToSequenceTransformer model = networks.Of(row);
        _ml.Transformers().SaveModel(model, null, folder.File("model.zip"));
        model.SaveCheckpoint(folder.File("checkpoint"));

        using var loaded = (SequenceToSequenceTransformer)_ml.Model.Load(folder.File("model.zip"), out _);
        using SequenceToSequenceTransformer applied = _ml.Transformers().ApplySequenceToSequence(folder.File("checkpoint")).Fit(Data(_ml));

        string[] texts = Texts(_ml, model, _sources);
        Assert.Equal(texts, Texts(_ml, loaded, _sources));
        Assert.Equal(texts, Texts(_ml, applied, _sources));
    }

    public sealed class Networks : IDisposable
    {
        private readonly ConcurrentDictionary<string, Lazy<SequenceToSequenceTransformer>> _models = new();

        internal SequenceToSequenceTransformer Of(string row) =>
            _models.GetOrAdd(row, name => new(() => Train(new MLContext(1), Fresh(name), Options(learningRate: name switch { "t5" => 3e-2, "encoder-decoder" => 2e-2, _ => 1e-2 })))).Value;

        public void Dispose()
        {
            foreach (Lazy<SequenceToSequenceTransformer> model in _models.Values.Where(model => model.IsValueCreated))
            {
                model.Value.Dispose();
            }
        }
    }
}
