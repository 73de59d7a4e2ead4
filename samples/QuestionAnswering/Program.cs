// Trains a network to find the answers to questions in a text, judges it by SQuAD's rules, saves it, loads it again and answers what the user asks.
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Samples;
using MLNet.Transformers.Tokenization;
using QuestionAnswering;
using Spectre.Console;

const string Text = "In 1994, Greta Young founded the brewery Golden Key in Bergen. Liam Okafor leads it today, with fifteen people. Visitors come for its herbal tonic.";

return Sample.Run(args, new SampleDefaults
{
    Description = "Trains a network to answer questions from a text, evaluates it, saves it, loads it again and answers questions.",
    Form = "a JSON file as SQuAD 1.1 or 2 lays it out",
    Data = "questions-train.json", Test = "questions-test.json", Model = "question-answering.zip",
    Texts = "Questions about a text that the program shows. Without any, the program asks for them.",
    Fresh = new(12, 1e-3), MaxTokens = 96,
}, options =>
{
    var ml = new MLContext(options.Seed);
    IDataView train = ml.Transformers().LoadSquad(options.Data), test = ml.Transformers().LoadSquad(options.Test);
    Checkpoint checkpoint = options.Checkpoint ?? FromScratch(train.GetColumn<string>("Context").Concat(train.GetColumn<string>("Question")), options.MaxTokens);

    ITransformer model = TrainingBar.Show(progress => ml.Transformers().QuestionAnswering(checkpoint, new()
    {
        Epochs = options.Epochs, BatchSize = options.BatchSize, LearningRate = options.LearningRate, MaxTokens = options.MaxTokens, Stride = options.MaxTokens / 3,
        Progress = progress,
    }).Fit(train));

    Console.WriteLine(ml.Transformers().EvaluateQuestionAnswering(model.Transform(test)));
    ml.Transformers().SaveModel(model, null, options.Model);
    AnsiConsole.MarkupLineInterpolated($"Saved to [blue]{options.Model}[/] ({new FileInfo(options.Model).Length / 1e6:F1} MB).");

    ITransformer loaded = ml.Transformers().LoadModel(options.Model, out _);
    using PredictionEngine<Asked, Answered> engine = ml.Model.CreatePredictionEngine<Asked, Answered>(loaded);
    AnsiConsole.MarkupLineInterpolated($"[grey]{Text}[/]");
    foreach (string question in Typed.Or(options.Texts, "a question about this text",
        "Who founded the brewery?", "Who leads it today?", "When was Golden Key founded?", "In which city is the brewery?", "What do people praise about it?"))
    {
        Answered answered = engine.Predict(new Asked { Question = question, Context = Text });
        AnsiConsole.MarkupLineInterpolated($"{question}  [green]{answered.PredictedAnswer}[/] {answered.Score:P0}");
        foreach ((string other, float score) in answered.TopAnswers.Zip(answered.TopScores).Skip(1).Where(next => next.Second >= 0.01))
        {
            AnsiConsole.MarkupLineInterpolated($"  [grey]or {other} {score:P0}[/]");
        }
    }
});

// A network small enough to learn from some hundred questions on two cores, with a vocabulary made from them.
static Checkpoint FromScratch(IEnumerable<string> texts, int maxTokens)
{
    TextEncoder tokenizer = WordPieceTrainer.Train(texts, size: 3000);
    var config = new BertConfig
    {
        VocabularySize = tokenizer.MaxId + 1, MaxPositions = maxTokens, HiddenSize = 128, Layers = 3, Heads = 4, IntermediateSize = 512,
    };
    AnsiConsole.MarkupLineInterpolated($"A network of {config.Layers} layers × {config.HiddenSize} from scratch, with a vocabulary of {tokenizer.VocabularySize} pieces.");
    return Checkpoint.FromConfig(config, tokenizer);
}
