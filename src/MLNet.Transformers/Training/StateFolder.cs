using System.Globalization;

namespace MLNet.Transformers.Training;

/// <summary>
/// The folder that <see cref="TrainingOptions.StateFolder"/> names: a subfolder for each training that was begun there, and the seed where nobody
/// gave one, so that a training that drew its seed draws the same when it is continued.
/// </summary>
internal sealed class StateFolder(string path)
{
    private const string Prefix = "training-";
    private const string SeedFile = "seed.txt";

    public string Path => path;

    /// <summary>The folder of one training.</summary>
    public string Of(string fingerprint) => System.IO.Path.Combine(path, Prefix + fingerprint[..16]);

    /// <summary>How many other trainings have left a state.</summary>
    public int Others(string fingerprint) => Trainings().Count(folder => folder != Of(fingerprint));

    /// <summary>The seed that an earlier training drew here; null where none did.</summary>
    /// <exception cref="InvalidDataException">The file holds no seed.</exception>
    public int? ReadSeed()
    {
        string file = System.IO.Path.Combine(path, SeedFile);
        if (!File.Exists(file))
        {
            return null;
        }
        string text = File.ReadAllText(file);
        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int seed)
            ? seed
            : throw new InvalidDataException($"'{file}' should hold the seed of a training, a whole number; it holds '{text}'. Delete it to begin anew.");
    }

    /// <summary>Makes the folder.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public void Create()
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{nameof(TrainingOptions.StateFolder)} is '{path}', which cannot be made: {error.Message}", error);
        }
    }

    /// <summary>Keeps the seed for those that come after.</summary>
    public void WriteSeed(int seed) =>
        File.WriteAllText(System.IO.Path.Combine(path, SeedFile), seed.ToString(CultureInfo.InvariantCulture));

    /// <summary>Removes a training's state; the last one takes the seed and the folder with it, unless other files are there.</summary>
    public void Remove(string fingerprint)
    {
        Delete(Of(fingerprint));
        if (!Directory.Exists(path) || Trainings().Length > 0)
        {
            return;
        }
        File.Delete(System.IO.Path.Combine(path, SeedFile));
        RemoveIfEmpty();
    }

    /// <summary>Removes the folder where nothing is in it.</summary>
    public void RemoveIfEmpty()
    {
        if (Directory.Exists(path) && !Directory.EnumerateFileSystemEntries(path).Any())
        {
            Directory.Delete(path);
        }
    }

    public static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string[] Trainings() => Directory.Exists(path) ? Directory.GetDirectories(path, Prefix + "*") : [];
}
