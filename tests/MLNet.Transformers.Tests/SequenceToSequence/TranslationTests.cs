using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bart;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tokenization;
using TorchSharp;
using static MLNet.Transformers.Tests.SequenceToSequence.Translations;

namespace MLNet.Transformers.Tests.SequenceToSequence;

/// <summary>BART that gets a new encoder for sources in another language.</summary>
public class TranslationTests
{
    private const int Rounds = 60;

    private readonly MLContext _ml = new(1);

    // The other way round: what BART writes is what the rows have as their sources.
    private static readonly Row[] _rows = [.. Rows.Select(row => new Row { Source = row.Target, Target = row.Source })];

    private static readonly string[] _sources = [.. _rows.Select(row => row.Source!)];

    // More words than BART's vocabulary has, and no token in common: an id of one is another word in the other, or none.
    private static TextEncoder German { get; } = WordPieceTrainer.Train(
        [.. Enumerable.Repeat(string.Join(' ', _sources), 3), string.Join(' ', Enumerable.Range(0, 90).SelectMany(number => Enumerable.Repeat($"wort{number}", 3)))], size: 400);

    [Fact]
    public void Both_stages_are_learnt_in_one_fit_and_written_the_same_from_every_copy()
    {
        using var folder = new TemporaryFolder();
        List<string> log = Log(_ml);
        Checkpoint bart = Bart(folder);
        using SequenceToSequenceTransformer model = Train(bart, Settings());
        model.SaveCheckpoint(folder.File("written"));
        _ml.Transformers().SaveModel(model, null, folder.File("model.zip"));
        Checkpoint written = folder.File("written");
        using var loaded = (SequenceToSequenceTransformer)_ml.Model.Load(folder.File("model.zip"), out _);
        using SequenceToSequenceTransformer applied = _ml.Transformers().ApplySequenceToSequence(written).Fit(Data(_ml));
        using PredictionEngine<Row, Written> engine = _ml.Model.CreatePredictionEngine<Row, Written>(loaded, new PredictionEngineOptions { OwnsTransformer = false });

        Assert.True(German.MaxId >= bart.Config.VocabularySize);
        string[] targets = [.. _rows.Select(row => row.Target!)];
        Assert.Equal(targets, Texts(_ml, model, _sources));
        Assert.Equal(targets, Texts(_ml, loaded, _sources));
        Assert.Equal(targets, Texts(_ml, applied, _sources));
        Assert.Equal(targets, _rows.Select(row => engine.Predict(row).PredictedText));
        Assert.Equal(targets[2], model.Generate(_sources[2], cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(["BartForTranslation"], written.Config.Architectures);
        Assert.Equal("bart-translation", written.Config.ModelType);
        Assert.Equal(German.Encode("die katze").Ids, written.SourceTokenizer.Encode("die katze").Ids);
        Assert.Contains(log, line => line.StartsWith("Stage 1 of 2: ", StringComparison.Ordinal));
        Assert.Contains(log, line => line.StartsWith("Stage 2 of 2: ", StringComparison.Ordinal));
        Assert.Contains(log, line => line.StartsWith("Initialised freshly: model.source_encoder.", StringComparison.Ordinal));
    }

    [Fact]
    public void The_first_stage_changes_the_new_encoder_the_positions_and_the_first_projections_alone()
    {
        using var folder = new TemporaryFolder();
        Checkpoint bart = Bart(folder);
        TranslationOptions options = Settings(epochs: 2);
        options.TuningSteps = 0;
        using (SequenceToSequenceTransformer model = Train(bart, options))
        {
            model.SaveCheckpoint(folder.File("first"));
        }
        options.TuningSteps = 2;
        using (SequenceToSequenceTransformer model = Train(bart, options))
        {
            model.SaveCheckpoint(folder.File("second"));
        }
        Dictionary<string, float[]> before = Tensors(folder.File("bart")), first = Tensors(folder.File("first")), second = Tensors(folder.File("second"));

        Assert.Equal(
            [
                "model.decoder.embed_positions.weight",
                "model.encoder.embed_positions.weight",
                "model.encoder.layers.0.self_attn.k_proj.bias", "model.encoder.layers.0.self_attn.k_proj.weight",
                "model.encoder.layers.0.self_attn.q_proj.bias", "model.encoder.layers.0.self_attn.q_proj.weight",
                "model.encoder.layers.0.self_attn.v_proj.bias", "model.encoder.layers.0.self_attn.v_proj.weight",
            ],
            before.Keys.Where(name => !before[name].SequenceEqual(first[name])).Order());
        string[] encoder = [.. first.Keys.Except(before.Keys)];
        Assert.NotEmpty(encoder);
        Assert.All(encoder, name => Assert.StartsWith("model.source_encoder.", name, StringComparison.Ordinal));
        Assert.All(
            second.Keys.Where(name => name != "final_logits_bias"),
            name => Assert.False(second[name].SequenceEqual(first[name]), $"{name} did not learn in the second stage"));
    }

    [Fact]
    public void The_new_encoder_itself_learns_in_the_first_stage()
    {
        using var folder = new TemporaryFolder();
        Checkpoint bart = Bart(folder);
        TranslationOptions still = Settings(epochs: 1), options = Settings(epochs: 2);
        (still.LearningRate, still.TuningSteps, options.TuningSteps) = (1e-30, 0, 0);
        using SequenceToSequenceTransformer begun = Train(bart, still), trained = Train(bart, options);
        begun.SaveCheckpoint(folder.File("begun"));
        trained.SaveCheckpoint(folder.File("trained"));
        Dictionary<string, float[]> before = Tensors(folder.File("begun")), after = Tensors(folder.File("trained"));

        Assert.All(
            before.Keys.Where(name => name.StartsWith("model.source_encoder.", StringComparison.Ordinal)),
            name => Assert.False(before[name].SequenceEqual(after[name]), $"{name} did not learn"));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(11)]
    public void A_training_that_is_ended_in_either_stage_comes_to_the_same_weights(int steps)
    {
        using var folder = new TemporaryFolder();
        Checkpoint bart = Bart(folder);
        Dictionary<string, float[]> whole = Run("whole", state: null, endsAfter: null);
        string state = folder.File("state");
        List<string> log = Log(_ml);
        Assert.ThrowsAny<OperationCanceledException>(() => Run("ended", state, steps));
        Assert.True(Directory.Exists(state));
        log.Clear();
        Dictionary<string, float[]> resumed = Run("resumed", state, endsAfter: null);

        Assert.Equal(whole.Keys.Order(), resumed.Keys.Order());
        Assert.All(whole.Keys, name => Assert.Equal(whole[name], resumed[name]));
        Assert.False(Directory.Exists(state), "the state of a training that is over is left");
        Assert.Equal(steps >= 8, log.Any(line => line.StartsWith("This part of the training was over before", StringComparison.Ordinal)));

        // Two steps an epoch: eight in the first stage, then four.
        Dictionary<string, float[]> Run(string name, string? state, int? endsAfter)
        {
            using var cancellation = new CancellationTokenSource();
            TranslationOptions options = Settings(epochs: 4);
            int seen = 0;
            (options.BatchSize, options.TuningSteps, options.StateFolder, options.CancellationToken) = (4, 4, state, cancellation.Token);
            options.Progress = new Each(() =>
            {
                if (++seen == endsAfter)
                {
                    cancellation.Cancel();
                }
            });
            using SequenceToSequenceTransformer model = Train(bart, options);
            model.SaveCheckpoint(folder.File(name));
            Assert.Equal(endsAfter is null && state is not null ? 12 - steps : 12, seen);
            return Tensors(folder.File(name));
        }
    }

    [Fact]
    public void The_sizes_of_the_new_encoder_are_the_options()
    {
        TranslationOptions options = Settings(epochs: 1);
        options.SourceEncoder = new BertConfig { Layers = 3, Heads = 2, IntermediateSize = 10, MaxPositions = 11, SegmentTypes = 1 };
        using var folder = new TemporaryFolder();
        using SequenceToSequenceTransformer model = Train(Fresh("bart", null, ("d_model", 30)), options);
        model.SaveCheckpoint(folder.Folder);

        BertConfig encoder = Assert.IsType<BartConfig>(Checkpoint.FromFolder(folder.Folder).Config).SourceEncoder!;
        Assert.Equal((3, 2, 10, 30, German.MaxId + 1), (encoder.Layers, encoder.Heads, encoder.IntermediateSize, encoder.HiddenSize, encoder.VocabularySize));
        Assert.Equal(11, Checkpoint.FromFolder(folder.Folder).Config.MaxTokens);
    }

    [Fact]
    public void A_source_is_read_alike_whatever_is_beside_it()
    {
        TranslationOptions options = Settings(epochs: 3);
        using SequenceToSequenceTransformer model = Train(Fresh("bart"), options);

        Assert.Equal(_sources.Select(source => Texts(_ml, model, source)[0]), Texts(_ml, model, _sources));
    }

    [Fact]
    public void It_trains_on_as_sequence_to_sequence_and_begins_without_BARTs_weights()
    {
        using var folder = new TemporaryFolder();
        Checkpoint fresh = Fresh("bart").WithSourceEncoder(German);
        using SequenceToSequenceTransformer model = _ml.Transformers().SequenceToSequence(fresh, Options(1)).Fit(Data(_ml, _rows));
        model.SaveCheckpoint(folder.Folder);
        using SequenceToSequenceTransformer more = _ml.Transformers().SequenceToSequence(folder.Folder, Options(1)).Fit(Data(_ml, _rows));

        Assert.Single(Texts(_ml, more, _sources[0]));
    }

    [Fact]
    public void What_cannot_be_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        Checkpoint bart = Fresh("bart"), translator = bart.WithSourceEncoder(German);
        TransformersCatalog catalog = _ml.Transformers();

        Assert.Contains("'t5'", Assert.Throws<NotSupportedException>(() => catalog.Translation(Fresh("t5"), German)).Message, StringComparison.Ordinal);
        Assert.Contains("already", Assert.Throws<NotSupportedException>(() => catalog.Translation(translator, German)).Message, StringComparison.Ordinal);
        Assert.Contains("train it", Assert.Throws<InvalidOperationException>(
            () => catalog.ApplySequenceToSequence(Bart(folder).WithSourceEncoder(German)).Fit(Data(_ml, _rows))).Message, StringComparison.Ordinal);
        Assert.Contains("pretraining", Assert.Throws<NotSupportedException>(() => catalog.Pretraining(translator, new DenoisingObjective())).Message, StringComparison.Ordinal);
        Assert.Contains("filling blanks", Assert.Throws<NotSupportedException>(() => catalog.ApplyMaskedLanguageModel(translator)).Message, StringComparison.Ordinal);
        Assert.Contains("cloze", Assert.Throws<NotSupportedException>(
            () => catalog.ApplyClozeClassification(translator, new() { Pattern = "{text} {choice}", Choices = [new("a", "a"), new("b", "b")] })).Message, StringComparison.Ordinal);
        Assert.Contains("generator", Assert.Throws<NotSupportedException>(() => catalog.TextGenerator(translator)).Message, StringComparison.Ordinal);
        Assert.Contains("'num_attention_heads'", Assert.Throws<CheckpointException>(
            () => catalog.Translation(bart, German, new() { SourceEncoder = new BertConfig { Heads = 7 } })).Message, StringComparison.Ordinal);
        Assert.Contains(nameof(TranslationOptions.FrozenStages), Assert.ThrowsAny<ArgumentException>(
            () => catalog.Translation(bart, German, new() { FrozenStages = 1 })).Message, StringComparison.Ordinal);
        Assert.Contains(nameof(TranslationOptions.TuningSteps), Assert.ThrowsAny<ArgumentException>(
            () => catalog.Translation(bart, German, new() { TuningSteps = -1 })).Message, StringComparison.Ordinal);
        Assert.Contains(nameof(GenerationOptions.EncoderNoRepeatNgramSize), Assert.ThrowsAny<ArgumentException>(
            () => catalog.Translation(bart, German, new() { Generation = new() { EncoderNoRepeatNgramSize = 2 } })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_the_sources_tokenizer_names_what_is_missing()
    {
        using var folder = new TemporaryFolder();
        using (SequenceToSequenceTransformer model = Train(Fresh("bart"), Settings(epochs: 1)))
        {
            model.SaveCheckpoint(folder.Folder);
        }
        Directory.Delete(folder.File("source_tokenizer"), recursive: true);

        Assert.Contains("source_tokenizer", Assert.ThrowsAny<Exception>(() => Checkpoint.FromFolder(folder.Folder)).Message, StringComparison.Ordinal);
    }

    private static TranslationOptions Settings(int epochs = Rounds) => new()
    {
        Epochs = epochs, BatchSize = 8, LearningRate = 1e-2, WeightDecay = 0, MaxTargetTokens = 8, Seed = 1, LabelSmoothing = 0,
        SourceEncoder = new BertConfig { Layers = 1, Heads = 3, IntermediateSize = 24, MaxPositions = 16, SegmentTypes = 1, HiddenDropout = 0, AttentionDropout = 0 },
        TuningSteps = 60, TuningLearningRate = 1e-2,
    };

    private SequenceToSequenceTransformer Train(Checkpoint bart, TranslationOptions options) => _ml.Transformers().Translation(bart, German, options).Fit(Data(_ml, _rows));

    // A BART that has seen the language it writes.
    private Checkpoint Bart(TemporaryFolder folder)
    {
        if (!Directory.Exists(folder.File("bart")))
        {
            using SequenceToSequenceTransformer bart = _ml.Transformers().SequenceToSequence(Fresh("bart"), Options(5))
                .Fit(Data(_ml, Rows.Select(row => new Row { Source = row.Source, Target = row.Source })));
            bart.SaveCheckpoint(folder.File("bart"));
        }
        return folder.File("bart");
    }

    private static Dictionary<string, float[]> Tensors(string folder)
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, "model.safetensors"));
        return ((ITensorSource)file).Names.ToDictionary(name => name, name =>
        {
            using torch.Tensor values = torch.empty(file[name].Shape);
            file.CopyTo(name, values);
            return values.data<float>().ToArray();
        });
    }

    private sealed class Each(Action seen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => seen();
    }
}
