using System.Collections.Concurrent;
using Microsoft.ML;
using MLNet.Transformers;

namespace Sentiment.WebApi;

/// <summary>
/// Prediction engines for the threads of a server, each of which serves one call at a time; all share one copy of the weights. Where the package
/// Microsoft.Extensions.ML can be had, it takes this file's place: the program stays as it is.
/// </summary>
public sealed class PredictionEnginePool<TInput, TOutput>(string path)
    where TInput : class
    where TOutput : class, new()
{
    private readonly MLContext _context = new();
    private readonly ITransformer _model = new MLContext().Transformers().LoadModel(path, out _);
    private readonly ConcurrentBag<PredictionEngine<TInput, TOutput>> _idle = [];

    public TOutput Predict(TInput input)
    {
        if (!_idle.TryTake(out PredictionEngine<TInput, TOutput>? engine))
        {
            engine = _context.Model.CreatePredictionEngine<TInput, TOutput>(_model, new PredictionEngineOptions { OwnsTransformer = false });
        }
        TOutput output = engine.Predict(input);
        _idle.Add(engine);
        return output;
    }
}

/// <summary>Says where the model is.</summary>
public sealed class PredictionEnginePoolBuilder<TInput, TOutput>(IServiceCollection services)
    where TInput : class
    where TOutput : class, new()
{
    public void FromFile(string path) => services.AddSingleton(new PredictionEnginePool<TInput, TOutput>(path));
}

public static class PredictionEnginePoolServices
{
    public static PredictionEnginePoolBuilder<TInput, TOutput> AddPredictionEnginePool<TInput, TOutput>(this IServiceCollection services)
        where TInput : class
        where TOutput : class, new() => new(services);
}
