// The web API that Model Builder adds to a model: POST /predict with a text answers with its sentiment and the probabilities.
using Sentiment;
using Sentiment.WebApi;

if (!File.Exists(SentimentModel.MLNetModelPath))
{
    Console.Error.WriteLine($"There is no '{SentimentModel.MLNetModelPath}'. Train the model first, in this folder: dotnet run -c Release --project samples/SentimentModel");
    return 1;
}

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddPredictionEnginePool<SentimentModel.ModelInput, SentimentModel.ModelOutput>().FromFile(SentimentModel.MLNetModelPath);
builder.Services.AddOpenApi();
WebApplication app = builder.Build();

app.MapOpenApi();
app.MapPost("/predict", (PredictionEnginePool<SentimentModel.ModelInput, SentimentModel.ModelOutput> pool, SentimentModel.ModelInput input) => pool.Predict(input));

await app.RunAsync();
return 0;
