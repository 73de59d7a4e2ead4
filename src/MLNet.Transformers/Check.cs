using static System.FormattableString;

namespace MLNet.Transformers;

/// <summary>Checks of options, made when what they are for is created: an error names the property, its value and what is allowed.</summary>
internal static class Check
{
    /// <summary>An error about the value of an option.</summary>
    public static ArgumentOutOfRangeException OutOfRange(string name, object? value, string why) => new(name, value, $"{name} {why}");

    /// <summary>A value that must be there.</summary>
    public static T NotNull<T>(T? value, string name)
        where T : class => value ?? throw new ArgumentNullException(name, $"{name} is null.");

    public static void AtLeast(int? value, int minimum, string name)
    {
        if (value < minimum)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {minimum}.");
        }
    }

    public static void Between(double value, double minimum, double maximum, string name)
    {
        if (!(value >= minimum && value <= maximum))
        {
            string allowed = minimum == double.Epsilon ? "above 0" : Invariant($"at least {minimum}");
            throw new ArgumentOutOfRangeException(name, value, Invariant($"{name} must be {allowed}{(maximum == double.MaxValue ? "" : Invariant($" and at most {maximum}"))}."));
        }
    }

    /// <summary>A number format that networks are trained and applied in.</summary>
    public static void Computes(Precision value, string name)
    {
        Defined(value, name);
        if (value is Precision.Int8 or Precision.Int4)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}, in which text generators alone keep their weights; expected {Precision.Float32}, {Precision.BFloat16} or {Precision.Auto}.");
        }
    }

    public static void Defined<T>(T value, string name) where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be one of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }

    public static void OneOf<T>(T value, IReadOnlyList<T> allowed, string name)
    {
        if (!allowed.Contains(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be one of {string.Join(", ", allowed)}.");
        }
    }

    public static void ColumnName(string? value, string name)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new ArgumentException($"{name} must be the name of a column; it is empty.", name);
        }
    }

    public static void TextColumns(string text, string? pair)
    {
        ColumnName(text, "TextColumnName");
        if (pair is not null)
        {
            ColumnName(pair, "TextPairColumnName");
        }
    }

    /// <summary>Columns that are added to a row: each has a name, and no two the same.</summary>
    public static void OutputColumns(params (string Column, string Option)[] columns)
    {
        foreach ((string column, string option) in columns)
        {
            ColumnName(column, option);
            string other = columns.First(item => item.Column == column).Option;
            if (other != option)
            {
                throw new ArgumentException($"{other} and {option} are both '{column}'; give two columns.", other);
            }
        }
    }

    /// <summary>Weights by name, each above 0.</summary>
    public static void Weights(IReadOnlyDictionary<string, double>? weights, string name)
    {
        foreach ((string key, double weight) in weights ?? new Dictionary<string, double>())
        {
            Between(weight, double.Epsilon, double.MaxValue, $"{name}['{key}']");
        }
    }

    /// <exception cref="FileNotFoundException">There is no such file; a folder is none.</exception>
    public static void FileExists(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        }
    }

    /// <summary>A folder that is there or can be made.</summary>
    public static void Folder(string path, string name)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new ArgumentException($"{name} must be the path of a folder; it is empty.", name);
        }
        for (string? part = Path.GetFullPath(path); part is not null; part = Path.GetDirectoryName(part))
        {
            if (File.Exists(part))
            {
                throw new ArgumentException($"{name} is '{path}', but '{part}' is a file; give a folder.", name);
            }
        }
    }
}
