// Loads a saved pipeline and prints what it predicts. This source names nothing of MLNet.Transformers, and the package arrives through a class library.
using FreshProcess.Library;
using Microsoft.ML;

var ml = new MLContext();
ITransformer model = ml.Model.Load(args[0], out DataViewSchema schema);
using var engine = ml.Model.CreatePredictionEngine<InputRow, OutputRow>(model, schema);
foreach (string text in args.Skip(1))
{
    OutputRow row = engine.Predict(new InputRow { Text = text });
    Console.WriteLine($"{row.PredictedLabel}\t{string.Join(' ', row.Score.Select(score => BitConverter.SingleToUInt32Bits(score)))}");
}
