using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bart;
using MLNet.Transformers.Models.Glm.Glm2022;
using MLNet.Transformers.Models.T5;
using MLNet.Transformers.Pretraining;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.SequenceToSequence;
using MLNet.Transformers.Tests.Training;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Pretraining;

/// <summary>The objectives of BART, T5 and GLM as a user meets them.</summary>
public sealed class NoisePretrainingTests : IDisposable
{
    private static readonly TextEncoder _tokenizer = WordTokenizer.Of(
        [.. SampleNetworks.Positive, .. SampleNetworks.Negative, "<extra_id_0> <extra_id_1> <extra_id_2> <extra_id_3> 今 天 很 好 。 我 们 走 吧 ！ 吗 ？"]);

    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => ["bart", "t5", "glm"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void It_learns_plain_text_scores_it_and_comes_back_from_a_zip(string name)
    {
        (Checkpoint checkpoint, PretrainingObjective objective) = Named(name);
        var losses = new List<double>();
        IDataView texts = PlainTexts.Reviews(_ml);
        using PretrainingTransformer model = _ml.Transformers().Pretraining(checkpoint, objective, new()
        {
            Epochs = 40, BatchSize = 5, LearningRate = 1e-2, MaxTokens = 12, Progress = new Watcher(progress => losses.Add(progress.Loss)),
        }).Fit(texts);

        Assert.True(losses[^1] < 0.75 * losses[1], $"The loss fell from {losses[1]} to {losses[^1]} only.");
        Assert.Equal(10, _ml.Transformers().EvaluateLanguageModel(model.Transform(texts)).Texts);
        _ml.Transformers().SaveModel(model, texts.Schema, _folder.File("model.zip"));
        var loaded = (PretrainingTransformer)_ml.Transformers().LoadModel(_folder.File("model.zip"), out _);
        Assert.Equal(Scores(model), Scores(loaded));
        loaded.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_that_is_stopped_in_the_middle_of_an_epoch_continues_bit_for_bit(string name)
    {
        (Checkpoint checkpoint, PretrainingObjective objective) = Named(name);
        float[] straight = Train(null, null);

        Assert.Throws<OperationCanceledException>(() => Train(_folder.File("state"), 4));

        Assert.Equal(straight, Train(_folder.File("state"), null));

        float[] Train(string? state, int? stopAt)
        {
            using var stop = new CancellationTokenSource();
            using PretrainingTransformer model = _ml.Transformers().Pretraining(checkpoint, objective, new()
            {
                MaxSteps = 7, BatchSize = 2, MaxTokens = 12, LearningRate = 1e-2, StateFolder = state, CancellationToken = stop.Token,
                Progress = new Watcher(progress => { if (progress.Step == stopAt) { stop.Cancel(); } }),
            }).Fit(PlainTexts.Reviews(_ml));
            return Scores(model);
        }
    }

    [Theory]
    [InlineData(typeof(PrefixLanguageModelObjective))]
    [InlineData(typeof(DeshufflingObjective))]
    public void The_other_objectives_are_saved_too(Type objective)
    {
        using PretrainingTransformer model = _ml.Transformers().Pretraining(
            Named("t5").Checkpoint, (PretrainingObjective)Activator.CreateInstance(objective)!, new() { MaxSteps = 1, MaxTokens = 12 }).Fit(PlainTexts.Reviews(_ml));
        _ml.Transformers().SaveModel(model, null, _folder.File("model.zip"));

        using var loaded = (PretrainingTransformer)_ml.Transformers().LoadModel(_folder.File("model.zip"), out _);

        Assert.Equal(Scores(model), Scores(loaded));
        Assert.All(Scores(model), loss => Assert.True(loss > 0));
    }

    [Fact]
    public void The_last_steps_are_without_dropout_where_that_is_asked_for()
    {
        float[] none = Train(0, 0);

        Assert.Equal(none, Train(0.5, 1));
        Assert.NotEqual(none, Train(0.5, 0));
        Assert.NotEqual(none, Train(0.5, 0.5));
        Assert.NotEqual(Train(0.5, 0), Train(0.5, 0.5));
        Assert.Contains("DropoutFreeShare", Assert.Throws<ArgumentOutOfRangeException>(() => Train(0, 1.5)).Message, StringComparison.Ordinal);
        Assert.NotEqual(new PretrainingOptions().Identity, new PretrainingOptions { DropoutFreeShare = 0.1 }.Identity);

        float[] Train(double dropout, double share)
        {
            (Checkpoint checkpoint, PretrainingObjective objective) = Named("t5", dropout);
            using PretrainingTransformer model = _ml.Transformers().Pretraining(
                checkpoint, objective, new() { MaxSteps = 2, BatchSize = 4, MaxTokens = 12, LearningRate = 1e-2, DropoutFreeShare = share }).Fit(PlainTexts.Reviews(_ml));
            return Scores(model);
        }
    }

    [Fact]
    public void Sentences_of_Chinese_change_places()
    {
        // The tokenizer knows one character a word, and words between blanks.
        EncodedText text = new DocumentEncoder(_tokenizer, Named("bart").Checkpoint.Config).Encode("今 天 很 好。 我 们 走 吧！ 好 吗？".Replace("。", " 。").Replace("！", " ！").Replace("？", " ？"));
        var objective = new DenoisingObjective { InfilledShare = 0 };
        var noise = (CorruptedText)objective.Create(PlainTexts.Context(Named("bart").Checkpoint, HeadKind.SequenceToSequence, 32));
        TextBlock block = TextBlock.Of(text.Ids, text.SentenceEnds);

        HashSet<string> orders = [.. Enumerable.Range(0, 200).Select(seed => _tokenizer.Decode(noise.Row(block, new Random(seed)).Tokens.Ids))];

        string[] sentences = ["今 天 很 好 。", "我 们 走 吧 ！", "好 吗 ？"];
        int[][] all = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        Assert.Equal(all.Select(order => string.Join(' ', order.Select(number => sentences[number]))).Order(), orders.Order());
    }

    private static (Checkpoint Checkpoint, PretrainingObjective Objective) Named(string name, double dropout = 0)
    {
        int vocabulary = _tokenizer.MaxId + 1, start = WordTokenizer.Id("[CLS]"), end = WordTokenizer.Id("[SEP]");
        return name switch
        {
            "bart" => (
                Checkpoint.FromConfig(
                    new BartConfig
                    {
                        VocabularySize = vocabulary, HiddenSize = 16, EncoderLayers = 1, DecoderLayers = 1, EncoderHeads = 2, DecoderHeads = 2, EncoderIntermediateSize = 32,
                        DecoderIntermediateSize = 32, MaxPositions = 32, Dropout = 0, PaddingId = 0, StartId = end,
                    },
                    _tokenizer),
                new DenoisingObjective()),
            "t5" => (
                Checkpoint.FromConfig(
                    new T5Config { VocabularySize = vocabulary, HiddenSize = 16, HeadSize = 8, IntermediateSize = 32, Layers = 1, Heads = 2, Dropout = dropout, StartId = start }, _tokenizer),
                new SpanCorruptionObjective { NoiseDensity = 0.3 }),
            _ => (
                Checkpoint.FromConfig(
                    new Glm2022Config
                    {
                        VocabularySize = vocabulary, HiddenSize = 16, Layers = 1, Heads = 2, MaxPositions = 32, EmbeddingDropout = 0, AttentionDropout = 0, OutputDropout = 0,
                    },
                    _tokenizer),
                new BlankInfillingObjective()),
        };
    }

    private float[] Scores(PretrainingTransformer model) => [.. model.Transform(PlainTexts.Reviews(_ml)).GetColumn<float>("Loss")];
}
